import type { Watcher } from "../chain/index.ts";
import type { Node } from "../rpc/index.ts";

/** How a chain is sent to. */
export interface SubmitterChain {
  /** Asked without repetition: what is repeated when, this room has rules for. */
  readonly node: Node;
  readonly watcher: Watcher;
  readonly chainId: bigint;
  /** Gas limit in relation to the estimate. */
  readonly gasMultiplier: number;
  /** Wei that so much gas is charged beside its price, at most. */
  readonly feeOnGas: (gas: bigint) => bigint;
}
