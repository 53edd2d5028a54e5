import { BROKEN, type CrossingAudit } from "../engine/audit/crossing-audit.ts";
import { CHAINS, type Chain, type PerChain, perChain } from "../engine/base/chain.ts";
import type { Connection } from "../engine/run/connection.ts";
import type { LedgerReport } from "../engine/ledger/books.ts";
import type { TrafficSnapshot } from "../engine/rpc/rpc.ts";

/** What happened on a chain beside the operations. */
export interface ChainEvents {
  /** Each with its first block that is gone, and how many there were. */
  readonly reorganisations: readonly { readonly block: number; readonly depth: number }[];
  /** Own transactions that reorganisations took out of the chain. */
  readonly takenBack: number;
  /** Own transactions that were sent again because no node knew them any more. */
  readonly rebroadcast: number;
  /** Own transactions that were replaced with a higher fee. */
  readonly replaced: number;
  /** Times that the endpoint began not to answer. */
  readonly outages: number;
  /** What went over the wire. */
  readonly traffic: TrafficSnapshot;
  /** Wei; undefined on chains without EIP-1559. */
  readonly baseFee: { readonly least: bigint; readonly most: bigint } | undefined;
}

/** The names of all detectors. */
export type Detector =
  | "lost"
  | "doubled"
  | "wrong amount"
  | "wrong recipient"
  | "settled back"
  | "late"
  | "out of order"
  | "books differ"
  | "reorganisation"
  | "fee too low"
  | "outage";

/** One thing that a run noticed. */
export interface Finding {
  readonly detector: Detector;
  readonly count: number;
  readonly what: string;
}

/** What was seen on both chains so far. */
export function chainEvents({
  reorganisations,
  transactions,
  resender,
  watchers,
  rpcs,
}: Connection): PerChain<ChainEvents> {
  return perChain((chain) => ({
    reorganisations: reorganisations.seen
      .filter((one) => one.chain === chain)
      .map(({ commonBlock, depth }) => ({ block: commonBlock + 1, depth })),
    takenBack: transactions.takenBack[chain],
    rebroadcast: resender.counts[chain].rebroadcast,
    replaced: resender.counts[chain].replaced,
    outages: watchers[chain].health.outages,
    traffic: rpcs[chain].traffic.snapshot(),
    baseFee: watchers[chain].baseFees,
  }));
}

/** Asks every detector. */
export function findingsOf(
  ledger: LedgerReport,
  audit: CrossingAudit,
  chains: PerChain<ChainEvents>,
): Finding[] {
  const found = (detector: Detector, count: number, what: string): Finding[] =>
    count === 0 ? [] : [{ detector, count, what: `${count} ${what}` }];
  const onChain = (detector: Detector, count: (chain: Chain) => number, what: string): Finding[] =>
    CHAINS.flatMap((chain) => found(detector, count(chain), `${what} on L${chain}`));
  return [
    ...BROKEN.flatMap((one) => found(one, audit.counts[one], "crossings")),
    ...found("settled back", audit.counts["settled back"], "crossings"),
    ...found("late", audit.late, "crossings"),
    ...found("out of order", audit.outOfOrder, "crossings"),
    ...onChain("books differ", (chain) => differencesOn(ledger, chain), "differences"),
    ...onChain("reorganisation", (chain) => chains[chain].reorganisations.length, "reorganisations"),
    ...onChain("fee too low", (chain) => chains[chain].replaced, "transactions replaced"),
    ...onChain("outage", (chain) => chains[chain].outages, "outages of the endpoint"),
  ];
}

function differencesOn({ chains }: LedgerReport, chain: Chain): number {
  const books = chains[chain];
  return books.kind === "reconciled" ? books.differences.length : 0;
}
