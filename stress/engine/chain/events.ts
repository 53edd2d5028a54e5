import type { Chain, Fault } from "../base/index.ts";
import type { BlockFacts } from "./block-by-receipts.ts";
import type { Arrival, Payout } from "./messages.ts";

/** A block was read: its part that a run is interested in, and the messages that arrived in it. */
export interface BlockRead extends BlockFacts {
  readonly kind: "block";
  readonly chain: Chain;
  /** In the order of the chain. */
  readonly arrivals: readonly Arrival[];
}

/** A message had arrived in a block that was read, and no node told of it, or not of all that it paid: it was read again. */
export interface Recalled {
  readonly kind: "recalled";
  readonly chain: Chain;
  /** In the place of what was told of it. */
  readonly arrival: Arrival;
  /** Those of its payouts that were not told before. */
  readonly payouts: readonly Payout[];
  /** The block as it was read again. */
  readonly read: BlockRead;
}

/** A part of the chain that was read is no longer in it. */
export interface Reorganisation {
  readonly kind: "reorganisation";
  readonly chain: Chain;
  /** The last block that both branches share. */
  readonly commonBlock: number;
  /** Blocks that were read and are gone. */
  readonly depth: number;
}

/** A chain's endpoint began not to answer. */
export interface Outage {
  readonly kind: "outage";
  readonly chain: Chain;
}

/** What a watcher tells. */
export type ChainEvent = BlockRead | Recalled | Reorganisation | Outage | Fault;
