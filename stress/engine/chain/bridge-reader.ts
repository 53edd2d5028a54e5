import type { ReadFees } from "../rpc/index.ts";
import type { AwaitedTransactions } from "./awaited.ts";
import type { BlockFacts } from "./block-by-receipts.ts";
import type { Interest } from "./interest.ts";
import type { Arrival } from "./messages.ts";

/** What a watcher is told of the bridge's part on its chain. */
export interface BridgeReader {
  /** Events that the bridge is followed by. */
  readonly interest: Interest;
  readonly readFees: ReadFees;
  /**
   * The messages that arrived in a block.
   *
   * @param warn is told what is odd about them
   * @throws {MalformedAnswer} where the node told events that do not decode
   */
  arrivals(facts: BlockFacts, warn: (line: string) => void): readonly Arrival[];
  /**
   * Transactions of nobody's own that messages arrive as, without an event: known by their hashes from what the other chain told.
   * Their receipts are among a block's facts, too. Undefined where there are none of the kind.
   */
  readonly awaited?: AwaitedTransactions | undefined;
  /** Reads what else depends on the newest block, as of this one: where there were events of interest, and now and then. */
  atHead(block: number): Promise<void>;
}
