import { type AuditedCrossing, CROSSING_CLASSES, type CrossingAudit } from "../engine/audit/index.ts";
import { exactEther, seconds } from "../engine/base/index.ts";
import { BALANCE } from "../engine/ledger/index.ts";
import { table } from "./table.ts";

/** Rows that a table has at most. */
const MOST_ROWS = 50;

/** Crossings, one a row: amounts in ETH, and those of tokens in smallest units. */
export function crossingsTable(crossings: readonly AuditedCrossing[]): string[] {
  const head = ["class", "code", "of", "from", "deposit", "due", "paid", "difference", "age", "message"];
  const rows = crossings.slice(0, MOST_ROWS).map((crossing) => {
    const { code, who, from, asset, deposit, due, paid, difference, age, message, late } = crossing;
    const write = (amount: bigint): string => (asset === BALANCE ? exactEther(amount) : `${amount} ${asset}`);
    return [
      crossing.class,
      code,
      String(who),
      `L${from}`,
      ...[deposit, due, paid, difference].map(write),
      `${seconds(age)}${late ? " late" : ""}`,
      message ?? "-",
    ];
  });
  const more = crossings.length - rows.length;
  return [...table([head, ...rows]), ...(more > 0 ? [`… and ${more} more`] : [])];
}

/** One line that tells how many crossings are in each class. */
export function crossingsLine({ counts, late, outOfOrder, rateUnknown }: CrossingAudit): string {
  const classes = CROSSING_CLASSES.map((one) => `${counts[one]} ${one}`).join(", ");
  const unknown = rateUnknown === 0 ? "" : `; the pool's rate unknown for ${rateUnknown}`;
  return `crossings: ${classes}; ${late} late, ${outOfOrder} out of order${unknown}`;
}
