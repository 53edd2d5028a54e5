import type { BrokenPreconfirmation, PreconfirmationCounts } from "./chain-counts.ts";

/** Of those not kept, how many a report names; the result has all. */
const MOST_NAMED = 20;

/** What a closing report has on a chain's preconfirmations; nothing where there were none. */
export function preconfirmationLines(label: string, { kept, broken }: PreconfirmationCounts): string[] {
  if (kept + broken.length === 0) return [];
  const named = broken.slice(0, MOST_NAMED).map((one) => `  ${lineOf(one)}`);
  const more = broken.length - named.length;
  return [
    `${label} preconfirmations: ${kept} kept, ${broken.length} not kept`,
    ...named,
    ...(more > 0 ? [`  and ${more} more`] : []),
  ];
}

function lineOf({ hash, block, became }: BrokenPreconfirmation): string {
  const promised = `${hash} was preconfirmed in block ${block}`;
  switch (became.is) {
    case "another block":
      return `${promised}, and is in block ${became.block}`;
    case "another status":
      return became.succeeded
        ? `${promised} as failed, and succeeded there`
        : `${promised} as succeeded, and failed there`;
    case "gone":
      return `${promised}, and is in none`;
  }
}
