import type { TxHash } from "../../../stress/engine/rpc/index.ts";
import type { Call, Effect, Place } from "./call.ts";

/** A transaction of one of the rollup's services. */
export interface Service<S> {
  /** What tells it from others of its block. */
  readonly label: string;
  /** Where it is not the label and the block that its hash is of. */
  readonly hash?: TxHash;
  /** Its type, where receipts tell. */
  readonly type?: string;
  readonly call: Call;
  /** What it does; undefined where there is nothing left to be done: it is left out then. */
  run(state: S, place: Place): Effect;
}

/** What services do in a block: before the transactions of others, and after them. */
export interface Services<S> {
  readonly first?: readonly Service<S>[];
  readonly last?: readonly Service<S>[];
}
