import { toQuantity } from "ethers";
import { MalformedAnswer } from "./errors.ts";
import { classifyRpcError, isTooManyArguments, isTransient, lacksPending } from "./failure.ts";
import {
  type Block,
  bytes,
  digits,
  type Log,
  objectOf,
  parseBlock,
  parseBlockTransactions,
  parseLog,
  parseTransaction,
  quantity,
  type ReadFees,
  type Receipt,
  type SeenTransaction,
  type TxHash,
  type Wanted,
  type WantedReceipts,
  whole,
} from "./receipt.ts";
import { parseProof, type StorageProof } from "./proof.ts";
import { ReceiptReader } from "./receipt-reader.ts";
import type { Rpc } from "./rpc.ts";
import type { Traffic } from "./traffic.ts";
import { parseWaiting, type WaitingTransaction } from "./waiting.ts";

/** The state that is asked for: that of a block, or of whatever is the newest on the node that answers. */
export type BlockTag = number | "latest";

/** Which events are asked for. */
export type LogFilter = {
  readonly address: string | readonly string[];
  /** By place; a list stands for any of its topics. */
  readonly topics: readonly (string | readonly string[])[];
} & ({ readonly blockHash: string } | { readonly fromBlock: number; readonly toBlock: BlockTag });

/** A call that is tried without being sent. Wei. */
export interface TrialCall {
  readonly from: string;
  readonly to: string;
  readonly data: string;
  readonly value: bigint;
  /** Whether nobody is to pay for its gas: the sender may have nothing. By default the node decides. */
  readonly isFree?: boolean;
}

const tagged = (block: BlockTag): string => (block === "latest" ? block : toQuantity(block));

/**
 * What the engine asks of a chain's node: each JSON-RPC method once, with its types. Every method throws what `Rpc.send`
 * does, and MalformedAnswer where the answer is not what the specification says.
 */
export class Node {
  readonly #rpc: Rpc;
  readonly #receipts: ReceiptReader;
  readonly #known: () => BlockTag;
  /** Of old nodes, which estimate in the newest state they have and take no block. */
  #estimatesAnywhere = false;

  /**
   * @param readFees what the chain's receipts charge beside gas × price
   * @param known the newest block that is known, in whose state is read where nothing else is said: of several nodes behind
   *   one endpoint some are behind, and would tell of a past that is over
   */
  constructor(rpc: Rpc, readFees: ReadFees = () => [], known: () => BlockTag = () => "latest") {
    this.#rpc = rpc;
    this.#receipts = new ReceiptReader(rpc, readFees);
    this.#known = known;
  }

  /** The endpoint in use, fit for messages. */
  get name(): string {
    return this.#rpc.name;
  }

  get names(): readonly string[] {
    return this.#rpc.names;
  }

  get traffic(): Traffic {
    return this.#rpc.traffic;
  }

  close(): Promise<void> {
    return this.#rpc.close();
  }

  async chainId(): Promise<bigint> {
    return quantity(await this.#rpc.send("eth_chainId", []), "chain id");
  }

  /** What the node calls itself, as it says. */
  async clientVersion(): Promise<string> {
    return String(await this.#rpc.send("web3_clientVersion", []));
  }

  async blockNumber(): Promise<number> {
    return whole(await this.#rpc.send("eth_blockNumber", []), "block number");
  }

  /** A block's header; undefined where the node does not have it (yet). */
  async block(number: number): Promise<Block | undefined> {
    return parseBlock(await this.#rpc.send("eth_getBlockByNumber", [toQuantity(number), false]));
  }

  /** A block's header as the node tells it, for who needs what not every chain has; null where it does not have the block. */
  rawBlock(number: number): Promise<unknown> {
    return this.#rpc.send("eth_getBlockByNumber", [toQuantity(number), false]);
  }

  /** All transactions of a block. */
  async blockTransactions(number: number): Promise<readonly SeenTransaction[]> {
    return parseBlockTransactions(await this.#rpc.send("eth_getBlockByNumber", [toQuantity(number), true]));
  }

  /** A block's receipts, as far as they are wanted; undefined where the node does not have the block (yet). Not every node has the method. */
  blockReceipts(number: number, wanted: Wanted): Promise<WantedReceipts | undefined> {
    return this.#receipts.ofBlock(number, wanted);
  }

  /** A transaction's receipt; undefined where it is not mined. */
  receipt(hash: TxHash): Promise<Receipt | undefined> {
    return this.#receipts.one(hash);
  }

  /**
   * A transaction's receipt where its block is one that the chain has reached; undefined where it is not. Some nodes answer receipts of
   * a block that is yet to be, without saying so, and may take them back: nothing is to be concluded from those.
   */
  async settledReceipt(hash: TxHash): Promise<Receipt | undefined> {
    const receipt = await this.receipt(hash);
    if (receipt === undefined) return undefined;
    return (await this.block(receipt.blockNumber))?.hash === receipt.blockHash ? receipt : undefined;
  }

  /** A transaction, mined or waiting; undefined where the node does not know it. */
  async transaction(hash: TxHash): Promise<SeenTransaction | undefined> {
    return parseTransaction(await this.#rpc.send("eth_getTransactionByHash", [hash]));
  }

  /** Whether the node knows a transaction, mined or waiting. */
  async isKnown(hash: TxHash): Promise<boolean> {
    const answer = await this.#rpc.send("eth_getTransactionByHash", [hash]);
    if (answer === null) return false;
    objectOf(answer, "transaction");
    return true;
  }

  /** Events, in the order of the chain. */
  async logs(filter: LogFilter): Promise<readonly Log[]> {
    const { address, topics } = filter;
    // A node takes no address for any.
    if (address.length === 0) return [];
    const where =
      "blockHash" in filter
        ? { blockHash: filter.blockHash }
        : { fromBlock: tagged(filter.fromBlock), toBlock: tagged(filter.toBlock) };
    const answer = await this.#rpc.send("eth_getLogs", [{ address, topics, ...where }]);
    if (!Array.isArray(answer)) throw new MalformedAnswer("eth_getLogs did not answer a list");
    return answer.map(parseLog);
  }

  /** Wei. */
  async balance(address: string, block: BlockTag = this.#known()): Promise<bigint> {
    return quantity(await this.#rpc.send("eth_getBalance", [address, tagged(block)]), "balance");
  }

  /**
   * An account's next nonce: after its mined transactions, or after those the node has waiting, too. Some nodes have no pending
   * state, or none yet: then what is mined is all that they can tell.
   */
  async transactionCount(address: string, of: BlockTag | "pending" = this.#known()): Promise<number> {
    const at = of === "pending" ? of : tagged(of);
    try {
      return whole(await this.#rpc.send("eth_getTransactionCount", [address, at]), "nonce");
    } catch (error) {
      if (of === "pending" && lacksPending(error)) return this.transactionCount(address);
      throw error;
    }
  }

  /** What the node has waiting of an account's own, by nonce. Only nodes with geth's `txpool` methods tell. */
  async waitingOf(address: string): Promise<readonly WaitingTransaction[]> {
    return parseWaiting(await this.#rpc.send("txpool_contentFrom", [address]));
  }

  /**
   * The nonce that an account's next transaction takes. What waits on a node that is behind may be less than what is known to be
   * mined.
   */
  async nextNonce(address: string): Promise<number> {
    const counts = [this.transactionCount(address, "pending"), this.transactionCount(address)];
    return Math.max(...(await Promise.all(counts)));
  }

  /** Whether there is a contract at an address. */
  async hasCode(address: string, block: BlockTag = this.#known()): Promise<boolean> {
    return bytes(await this.#rpc.send("eth_getCode", [address, tagged(block)]), "code") !== "0x";
  }

  /** A word of a contract's storage, as the node tells it: some leave zeros out. */
  async storage(address: string, slot: number, block: BlockTag = this.#known()): Promise<string> {
    const answer = await this.#rpc.send("eth_getStorageAt", [address, toQuantity(slot), tagged(block)]);
    return digits(answer, "word");
  }

  /** Proves what a contract's storage has in the state of a block (EIP-1186). */
  async proof(address: string, slots: readonly string[], block: number): Promise<StorageProof> {
    return parseProof(await this.#rpc.send("eth_getProof", [address, slots, tagged(block)]));
  }

  /** What the node would pay for a unit of gas, tip included. Wei. */
  async gasPrice(): Promise<bigint> {
    return quantity(await this.#rpc.send("eth_gasPrice", []), "gas price");
  }

  async estimateGas(trial: TrialCall): Promise<bigint> {
    const { from, to, data, value, isFree = false } = trial;
    const call = { from, to, data, value: toQuantity(value), ...(isFree ? { gasPrice: "0x0" } : {}) };
    const block = this.#known();
    const isPlain = block === "latest" || this.#estimatesAnywhere;
    try {
      return quantity(
        await this.#rpc.send("eth_estimateGas", isPlain ? [call] : [call, tagged(block)]),
        "gas",
      );
    } catch (error) {
      if (isPlain || !isTooManyArguments(error)) throw error;
      this.#estimatesAnywhere = true;
      return this.estimateGas(trial);
    }
  }

  /** Whether a call goes through with this much gas, in the newest state that is known. */
  async suffices(gas: bigint, { from, to, data, value }: TrialCall): Promise<boolean> {
    const call = { from, to, data, value: toQuantity(value), gas: toQuantity(gas) };
    try {
      bytes(await this.#rpc.send("eth_call", [call, tagged(this.#known())]), "what the call returned");
      return true;
    } catch (error) {
      const failure = classifyRpcError(error);
      if (failure === "own mistake" || isTransient(failure)) throw error;
      return false;
    }
  }

  /** What a contract answers to a call that changes nothing, as the bytes it returns. */
  async call(to: string, data: string, block: BlockTag = this.#known()): Promise<string> {
    return bytes(await this.#rpc.send("eth_call", [{ to, data }, tagged(block)]), "what the call returned");
  }

  /** Hands in a signed transaction. */
  async sendRaw(raw: string): Promise<void> {
    await this.#rpc.send("eth_sendRawTransaction", [raw]);
  }
}
