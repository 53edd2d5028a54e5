import { classifyRpcError, NoAnswer, Node, type ReadFees, type Rpc, type TxHash } from "../rpc/index.ts";
import { type BlockFacts, blockByReceipts } from "./block-by-receipts.ts";
import type { InterestingEvents } from "./interest.ts";

/**
 * The block that is about to be there, asked for together with the head: a round trip less until what it brings is known. Where it is not
 * there yet, or not whole, nothing is lost: it is read as any other once the head tells of it.
 */
export class BlockAhead {
  readonly #node: Node;
  readonly #events: InterestingEvents;
  #isAsked = false;
  /** Of nodes that have errors for blocks that are not there yet, instead of nothing, and of those that limit their clients. */
  #isRefused = false;

  /** @param rpc which repeats nothing: a block that is not there yet is no failure */
  constructor(rpc: Rpc, readFees: ReadFees, events: InterestingEvents) {
    this.#node = new Node(rpc, readFees);
    this.#events = events;
  }

  /**
   * Asks for it, one at a time. Nothing is to be made of the answer unless a head tells that the block is there: nodes may tell of blocks
   * that are yet to be.
   *
   * @param isOwn whether a transaction is waited for
   * @throws a mistake of our own, and nothing else
   */
  async ask(number: number, isOwn: (hash: TxHash) => boolean): Promise<BlockFacts | undefined> {
    if (this.#isRefused || this.#isAsked) return undefined;
    this.#isAsked = true;
    try {
      return await blockByReceipts(this.#node, number, { isOwn, events: this.#events });
    } catch (error) {
      const failure = classifyRpcError(error);
      if (failure === "own mistake") throw error;
      this.#isRefused = !(error instanceof NoAnswer) || failure === "busy";
      return undefined;
    } finally {
      this.#isAsked = false;
    }
  }
}
