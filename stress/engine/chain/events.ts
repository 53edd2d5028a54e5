import type { Chain, Fault } from "../base/index.ts";
import type { BlockFacts } from "./block-reader.ts";
import type { Arrival } from "./messages.ts";

/** A block was read: its part that a run is interested in, and the messages that arrived in it. */
export interface BlockRead extends BlockFacts {
  readonly kind: "block";
  readonly chain: Chain;
  /** In the order of the chain. */
  readonly arrivals: readonly Arrival[];
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
export type ChainEvent = BlockRead | Reorganisation | Outage | Fault;
