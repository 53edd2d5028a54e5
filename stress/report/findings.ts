import { BROKEN, type CrossingAudit, type LedgerReport } from "../engine/audit/index.ts";
import { CHAINS, type Chain, type PerChain } from "../engine/base/index.ts";
import type { FalseProposal } from "../protocols/protocol.ts";
import type { ChainEvents, ChainNotices } from "./chain-counts.ts";

/** The names of all detectors. */
export type Detector =
  | "lost"
  | "not known"
  | "doubled"
  | "wrong amount"
  | "wrong recipient"
  | "settled back"
  | "late"
  | "out of order"
  | "books differ"
  | "reorganisation"
  | "fee too low"
  | "preconfirmation"
  | "false proposal"
  | "outage";

/** One thing that a run noticed. */
export interface Finding {
  readonly detector: Detector;
  readonly count: number;
  readonly what: string;
}

/**
 * Asks every detector.
 *
 * @param proposals what the bridge found false: those about an L2 block that was reorganised may have been true of the one before
 */
export function findingsOf(
  ledger: LedgerReport,
  audit: CrossingAudit,
  chains: PerChain<ChainEvents>,
  proposals: readonly FalseProposal[] = [],
): Finding[] {
  const replacedSince = Math.min(...chains[2].reorganisations.map(({ block }) => block));
  const untrue = proposals.filter(({ block }) => block < replacedSince);
  return [
    ...BROKEN.flatMap((one) => found(one, audit.counts[one], "crossings")),
    ...found("not known", audit.counts["not known"], "crossings"),
    ...found("settled back", audit.counts["settled back"], "crossings"),
    ...found("late", audit.late, "crossings"),
    ...found("out of order", audit.outOfOrder, "crossings"),
    ...onChain("books differ", (chain) => differencesOn(ledger, chain), "differences"),
    ...found("false proposal", untrue.length, "claims on L1 that L2's own state contradicts"),
    ...chainFindings(chains),
  ];
}

/** What the detectors of the chains themselves say: while a run goes on, too. */
export const chainFindings = (chains: PerChain<ChainNotices>): Finding[] => [
  ...onChain("reorganisation", (chain) => chains[chain].reorganisations.length, "reorganisations"),
  ...onChain("fee too low", (chain) => chains[chain].replaced, "transactions replaced"),
  ...onChain(
    "preconfirmation",
    (chain) => chains[chain].preconfirmations.broken.length,
    "preconfirmations not kept",
  ),
  ...onChain("outage", (chain) => chains[chain].outages, "outages of the endpoint"),
];

const found = (detector: Detector, count: number, what: string): Finding[] =>
  count === 0 ? [] : [{ detector, count, what: `${count} ${what}` }];

const onChain = (detector: Detector, count: (chain: Chain) => number, what: string): Finding[] =>
  CHAINS.flatMap((chain) => found(detector, count(chain), `${what} on L${chain}`));

function differencesOn({ chains }: LedgerReport, chain: Chain): number {
  const books = chains[chain];
  return books.kind === "reconciled" ? books.differences.length : 0;
}
