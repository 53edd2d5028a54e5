import {
  type Block,
  classifyRpcError,
  isTransient,
  type Log,
  type Node,
  type Receipt,
  type TxHash,
  type Wanted,
} from "../rpc/index.ts";
import { type BlockFacts, blockByReceipts, lacksTransactions } from "./block-by-receipts.ts";
import type { Interest, InterestingEvents } from "./interest.ts";

/**
 * Reads blocks in O(1) requests each, whatever the number of transactions waited for: block receipts where the node has
 * them, else one request for events and one batch of receipts of own transactions.
 */
export class BlockReader {
  readonly #node: Node;
  readonly #interest: Interest;
  readonly #events: InterestingEvents;
  #hasBlockReceipts: boolean | undefined;

  constructor(node: Node, interest: Interest, events: InterestingEvents) {
    this.#node = node;
    this.#interest = interest;
    this.#events = events;
  }

  /** Whether the node is known to have block receipts. */
  get hasBlockReceipts(): boolean {
    return this.#hasBlockReceipts === true;
  }

  /**
   * Reads the blocks `from` to `to`, both included. A block that the node does not have yet (a load-balanced node may lag
   * behind) ends the list.
   *
   * @param isOwn whether a transaction is waited for
   */
  async read(from: number, to: number, isOwn: (hash: TxHash) => boolean): Promise<BlockFacts[]> {
    this.#hasBlockReceipts ??= await this.#probe(from);
    const numbers = Array.from({ length: to - from + 1 }, (_, at) => from + at);
    if (this.#hasBlockReceipts === undefined) return [];
    if (this.#hasBlockReceipts) return this.#withBlockReceipts(numbers, isOwn);
    return this.#withLogs(numbers, isOwn);
  }

  /** Whether the node has block receipts; undefined where it does not have the block to show it with. */
  async #probe(number: number): Promise<boolean | undefined> {
    try {
      return (await this.#node.blockReceipts(number, NONE)) === undefined ? undefined : true;
    } catch (error) {
      // "method not found" and "not supported" are answers; anything else is asked again next time.
      const failure = classifyRpcError(error);
      if (isTransient(failure) || failure === "own mistake") throw error;
      return false;
    }
  }

  async #withBlockReceipts(
    numbers: readonly number[],
    isOwn: (hash: TxHash) => boolean,
  ): Promise<BlockFacts[]> {
    return untilFirstGap(
      await Promise.all(
        numbers.map((number) => blockByReceipts(this.#node, number, { isOwn, events: this.#events })),
      ),
    );
  }

  async #withLogs(numbers: readonly number[], isOwn: (hash: TxHash) => boolean): Promise<BlockFacts[]> {
    const { addresses: address, topics } = this.#interest;
    const blocks = untilFirstGap(await Promise.all(numbers.map((number) => this.#node.block(number))));
    return untilFirstGap(
      await Promise.all(
        blocks.map(async (block) => {
          if (lacksTransactions(block)) return undefined;
          const own = block.transactions.filter(isOwn);
          const [logs, ...receipts] = await Promise.all([
            // By the block's hash (EIP-234): a node that does not have the block yet fails, where one asked by number would
            // answer that there are no events.
            this.#node.logs({ address, topics: [topics], blockHash: block.hash }),
            ...own.map((hash) => this.#node.receipt(hash)),
          ]);
          // One of another branch, where two nodes are behind one endpoint, is not of this block.
          const found = receipts.filter((receipt) => receipt?.blockHash === block.hash);
          // A null receipt of a mined transaction appears later: the block is read again.
          if (found.length < own.length) return undefined;
          // So do the events of a receipt, where others know of them.
          const isBare = (receipt: Receipt | undefined): boolean => receipt?.logs.length === 0;
          const bare = new Set(found.filter(isBare).map((receipt) => receipt?.hash));
          if (logs.some(({ transactionHash }) => bare.has(transactionHash))) return undefined;
          const certain = this.#events.areMissing(block, logs) ? await this.#logsOfReceipts(block) : logs;
          if (certain === undefined) return undefined;
          return { block, receipts: found.filter((one) => one !== undefined), logs: certain };
        }),
      ),
    );
  }

  /**
   * Reads the events of a block again, those of one of its transactions by the receipt as well; undefined where no node has both
   * of the same branch now.
   */
  async again(number: number, hash: TxHash): Promise<BlockFacts | undefined> {
    const { addresses: address, topics } = this.#interest;
    const [block, receipt] = await Promise.all([this.#node.block(number), this.#node.receipt(hash)]);
    if (block === undefined || receipt?.blockHash !== block.hash) return undefined;
    const found = await this.#node.logs({ address, topics: [topics], blockHash: block.hash });
    const isIts = ({ transactionHash }: Log): boolean => transactionHash === hash;
    const [byReceipt, byEvents] = [this.#events.among(receipt.logs), found.filter(isIts)];
    const own = byReceipt.length < byEvents.length ? byEvents : byReceipt;
    const logs = [...found.filter((log) => !isIts(log)), ...own].sort((a, b) => a.logIndex - b.logIndex);
    // Of a message that arrives as a transaction without an event its receipt is all there is.
    return { block, receipts: [receipt], logs };
  }

  /** Events by the receipts of all of a block's transactions; undefined where the node does not have them all yet. */
  async #logsOfReceipts({ hash: blockHash, transactions }: Block): Promise<readonly Log[] | undefined> {
    const receipts = await Promise.all(transactions.map((hash) => this.#node.receipt(hash)));
    const logs = receipts.flatMap((receipt) => receipt?.logs ?? []);
    // The header has it that there is at least one.
    if (logs.length === 0 || receipts.some((receipt) => receipt?.blockHash !== blockHash)) return undefined;
    return this.#events.among(logs);
  }
}

/** Nothing of a block's receipts: whether there are any is all there is to know. */
const NONE: Wanted = { isOwn: () => false, isInteresting: () => false };

function untilFirstGap<T>(items: readonly (T | undefined)[]): T[] {
  const gap = items.indexOf(undefined);
  return (gap < 0 ? items : items.slice(0, gap)).filter((item) => item !== undefined);
}
