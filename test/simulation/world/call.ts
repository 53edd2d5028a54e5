import type { Chain } from "../../../stress/engine/base/index.ts";
import type { FakeLog } from "../../fakes/chain.ts";

/** A call as a chain executes it. Wei. */
export interface Call {
  /** Lower case. */
  readonly from: string;
  readonly to: string;
  readonly data: string;
  readonly value: bigint;
}

/** When and where it is executed. */
export interface Place {
  readonly chain: Chain;
  readonly block: number;
  /** Unix milliseconds. */
  readonly at: number;
  /** As the block's header has it. Unix seconds. */
  readonly timestamp: number;
}

/** What a call did; undefined where it reverted. */
export type Effect = readonly FakeLog[] | undefined;
