import { toQuantity } from "ethers";
import {
  type Block,
  type Log,
  MalformedAnswer,
  parseBlock,
  parseLog,
  parseReceipt,
  type Receipt,
  type TxHash,
} from "../rpc/receipt.ts";
import { classifyRpcError, isPassing, type Rpc } from "../rpc/rpc.ts";

/** What the watcher wants of each block: events of some contracts, and receipts of its own transactions. */
export interface Interest {
  /** Lower-case addresses. */
  readonly addresses: readonly string[];
  readonly topics: readonly string[];
}

/** A block with what was asked of it. */
export interface BlockFacts {
  readonly block: Block;
  readonly receipts: readonly Receipt[];
  /** In the order of the chain. */
  readonly logs: readonly Log[];
}

/**
 * Reads blocks in O(1) requests each, whatever the number of transactions waited for: `eth_getBlockReceipts` where the
 * node has it, else one `eth_getLogs` and one batch of receipts of own transactions.
 */
export class BlockReader {
  readonly #rpc: Rpc;
  readonly #interest: Interest;
  #hasBlockReceipts: boolean | undefined;

  constructor(rpc: Rpc, interest: Interest) {
    this.#rpc = rpc;
    this.#interest = interest;
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

  async header(number: number): Promise<Block | undefined> {
    return parseBlock(await this.#rpc.send("eth_getBlockByNumber", [toQuantity(number), false]));
  }

  /** Whether the node has `eth_getBlockReceipts`; undefined where it does not have the block to show it with. */
  async #probe(number: number): Promise<boolean | undefined> {
    try {
      const answer = await this.#rpc.send("eth_getBlockReceipts", [toQuantity(number)]);
      return Array.isArray(answer) ? true : undefined;
    } catch (error) {
      // "method not found" and "not supported" are answers; anything else is asked again next time.
      if (isPassing(classifyRpcError(error))) throw error;
      return false;
    }
  }

  async #withBlockReceipts(
    numbers: readonly number[],
    isOwn: (hash: TxHash) => boolean,
  ): Promise<BlockFacts[]> {
    const read = await Promise.all(
      numbers.map(async (number) => {
        const [block, answer] = await Promise.all([
          this.header(number),
          this.#rpc.send("eth_getBlockReceipts", [toQuantity(number)]),
        ]);
        const receipts = Array.isArray(answer)
          ? answer.map(parseReceipt).filter((one) => one !== undefined)
          : [];
        // A node that has the header before the receipts is asked again later.
        if (block === undefined || receipts.length < block.transactions.length) return undefined;
        // Two nodes behind one endpoint may be on two branches of the chain.
        if (receipts.some(({ blockHash }) => blockHash !== block.hash)) return undefined;
        const logs = receipts.flatMap((receipt) => receipt.logs.filter((log) => this.#isInteresting(log)));
        return { block, receipts: receipts.filter(({ hash }) => isOwn(hash)), logs };
      }),
    );
    return untilFirstGap(read);
  }

  async #withLogs(numbers: readonly number[], isOwn: (hash: TxHash) => boolean): Promise<BlockFacts[]> {
    const blocks = untilFirstGap(await Promise.all(numbers.map((number) => this.header(number))));
    return untilFirstGap(
      await Promise.all(
        blocks.map(async (block) => {
          const own = block.transactions.filter(isOwn);
          const [logs, ...receipts] = await Promise.all([
            this.#logs(block.hash),
            ...own.map((hash) => this.receipt(hash)),
          ]);
          // One of another branch, where two nodes are behind one endpoint, is not of this block.
          const found = receipts.filter((receipt) => receipt?.blockHash === block.hash);
          // A null receipt of a mined transaction appears later: the block is read again.
          return found.length < own.length
            ? undefined
            : { block, receipts: found.filter((one) => one !== undefined), logs };
        }),
      ),
    );
  }

  /**
   * The block's events, asked for by its hash (EIP-234): a node that does not have the block yet fails, where one asked by
   * number would answer that there are none.
   */
  async #logs(blockHash: string): Promise<Log[]> {
    const { addresses: address, topics } = this.#interest;
    const answer = await this.#rpc.send("eth_getLogs", [{ address, topics: [topics], blockHash }]);
    if (!Array.isArray(answer)) throw new MalformedAnswer("eth_getLogs did not answer a list");
    return answer.map(parseLog);
  }

  async receipt(hash: TxHash): Promise<Receipt | undefined> {
    return this.#priced(await this.#rpc.send("eth_getTransactionReceipt", [hash]));
  }

  /** Receipts of legacy rollups do not tell the price paid: it is the transaction's own. */
  async #priced(answer: unknown): Promise<Receipt | undefined> {
    const receipt = answer as { effectiveGasPrice?: unknown; transactionHash?: unknown } | null;
    if (receipt === null || receipt.effectiveGasPrice !== undefined) return parseReceipt(answer);
    const transaction = await this.#rpc.send("eth_getTransactionByHash", [receipt.transactionHash]);
    const { gasPrice } = (transaction ?? {}) as { gasPrice?: unknown };
    return parseReceipt({ ...receipt, effectiveGasPrice: gasPrice });
  }

  #isInteresting({ address, topics: [topic = ""] }: Log): boolean {
    return this.#interest.addresses.includes(address) && this.#interest.topics.includes(topic);
  }
}

function untilFirstGap<T>(items: readonly (T | undefined)[]): T[] {
  const gap = items.indexOf(undefined);
  return (gap < 0 ? items : items.slice(0, gap)).filter((item) => item !== undefined);
}
