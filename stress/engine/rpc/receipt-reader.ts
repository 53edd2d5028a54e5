import { toQuantity } from "ethers";
import { MalformedAnswer } from "./errors.ts";
import {
  eventsOf,
  type Log,
  objectOf,
  parseLog,
  parseReceipt,
  quantity,
  type ReadFees,
  type Receipt,
  type TxHash,
  type Wanted,
  type WantedReceipts,
  whole,
} from "./receipt.ts";
import type { Rpc } from "./rpc.ts";

type Json = Readonly<Record<string, unknown>>;

/**
 * Reads receipts as nodes give them: some leave out the price paid, or the block, or have null there. The transaction and its
 * block's header tell these as well.
 */
export class ReceiptReader {
  readonly #rpc: Rpc;
  readonly #readFees: ReadFees;

  /** @param readFees what the chain's receipts charge beside gas × price */
  constructor(rpc: Rpc, readFees: ReadFees) {
    this.#rpc = rpc;
    this.#readFees = readFees;
  }

  /** A transaction's receipt; undefined where it is in no block: not mined, or promised to be. */
  async one(hash: TxHash): Promise<Receipt | undefined> {
    const answer = await this.#rpc.send("eth_getTransactionReceipt", [hash]);
    if (answer === null) return undefined;
    const raw = objectOf(answer, `what eth_getTransactionReceipt of ${hash} answered`);
    const receipt = isComplete(raw) ? raw : await this.#completed(raw, hash);
    return receipt === undefined ? undefined : this.#parsed(receipt, `eth_getTransactionReceipt of ${hash}`);
  }

  /** A block's receipts, as far as they are wanted; undefined where the node does not have the block (yet). */
  async ofBlock(number: number, wanted: Wanted): Promise<WantedReceipts | undefined> {
    const what = `eth_getBlockReceipts of block ${number}`;
    const answer = await this.#rpc.send("eth_getBlockReceipts", [toQuantity(number)]);
    if (answer === null) return undefined;
    if (!Array.isArray(answer)) throw new MalformedAnswer(`${what} did not answer a list`);
    // A receipt that the node does not have yet is left out: who counts them sees it.
    const raw = answer.filter((one) => one !== null).map((one) => objectOf(one, `a receipt in ${what}`));
    const isOwn = ({ transactionHash: hash }: Json): boolean =>
      typeof hash !== "string" || wanted.isOwn(hash as TxHash);
    const isEnough = (one: Json): boolean => isComplete(one) || (isDefined(one["blockHash"]) && !isOwn(one));
    const block = raw.every(isEnough) ? undefined : await this.#fullBlock(number);
    const seen = await Promise.all(
      raw.map(async (one) => {
        const receipt = block === undefined ? one : completedBy(block, one);
        return isOwn(one) ? this.#own(receipt, what, wanted) : strangers(receipt, what, wanted);
      }),
    );
    const told = seen.filter((one) => one !== undefined);
    return {
      count: told.length,
      blockHashes: new Set(told.map(({ blockHash }) => blockHash)),
      own: told.flatMap(({ own }) => own ?? []),
      logs: told.flatMap(({ logs }) => logs),
      haveEvents: told.some(({ hasEvents }) => hasEvents),
    };
  }

  /** One of the run's own. What does not parse is asked for by itself. */
  async #own(receipt: Json, what: string, wanted: Wanted): Promise<SeenReceipt | undefined> {
    const hash = receipt["transactionHash"];
    let own: Receipt | undefined;
    try {
      own = this.#parsed(receipt, `${what}, ${String(hash)}`);
    } catch (error) {
      if (!(error instanceof MalformedAnswer) || typeof hash !== "string") throw error;
      own = await this.one(hash as TxHash);
    }
    if (own === undefined) return undefined;
    const logs = own.logs.filter(({ address, topics: [topic = ""] }) => wanted.isInteresting(address, topic));
    return { blockHash: own.blockHash, own, logs, hasEvents: own.logs.length > 0 };
  }

  async #completed(raw: Json, hash: TxHash): Promise<Json | undefined> {
    const answer = await this.#rpc.send("eth_getTransactionByHash", [hash]);
    const transaction = fieldsOf(answer);
    const blockNumber = raw["blockNumber"] ?? transaction["blockNumber"] ?? undefined;
    const blockHash = raw["blockHash"] ?? transaction["blockHash"] ?? undefined;
    const price = priceOf(raw);
    // Another node may have answered, which is behind and does not know it: what only it can tell is asked for later.
    if (answer === null && (blockNumber === undefined || price === undefined)) return undefined;
    if (blockNumber === undefined && transaction["hash"] === hash) return undefined;
    const needsHeader =
      blockHash === undefined || (price === undefined && isDefined(transaction["maxFeePerGas"]));
    const header = needsHeader && blockNumber !== undefined ? await this.#header(blockNumber, blockHash) : {};
    if (header === undefined) return undefined;
    return withGaps(raw, {
      blockNumber,
      blockHash: blockHash ?? header["hash"],
      price: paid(transaction, header),
    });
  }

  /** undefined where the node does not have the block yet, or has that of another branch, whose base fee is another one. */
  async #header(blockNumber: unknown, blockHash: unknown): Promise<Json | undefined> {
    const number = toQuantity(whole(blockNumber, "blockNumber"));
    const answer = await this.#rpc.send("eth_getBlockByNumber", [number, false]);
    const header = fieldsOf(answer);
    return answer === null || (blockHash ?? header["hash"]) !== header["hash"] ? undefined : header;
  }

  /** One request tells the prices of all transactions of a block. */
  async #fullBlock(number: number): Promise<Json> {
    return fieldsOf(await this.#rpc.send("eth_getBlockByNumber", [toQuantity(number), true]));
  }

  /** @param what was asked for, for messages */
  #parsed(receipt: Json, what: string): Receipt | undefined {
    try {
      return parseReceipt(receipt, this.#readFees);
    } catch (error) {
      if (!(error instanceof MalformedAnswer)) throw error;
      const block = receipt["blockNumber"];
      const where = typeof block === "string" ? ` (block ${Number(block)})` : "";
      throw new MalformedAnswer(`${what}${where}: ${error.message}`, { cause: error });
    }
  }
}

/** A receipt of a block, as far as it is wanted. */
interface SeenReceipt {
  readonly blockHash: string;
  readonly own: Receipt | undefined;
  readonly logs: readonly Log[];
  readonly hasEvents: boolean;
}

/** Of what others sent only its events are wanted, if any: nothing else is read. */
function strangers(receipt: Json, what: string, wanted: Wanted): SeenReceipt {
  try {
    const { blockHash } = receipt;
    if (typeof blockHash !== "string") throw new MalformedAnswer("blockHash is missing");
    const events = eventsOf(receipt);
    const logs = events.filter((log) => isWanted(log, wanted)).map(parseLog);
    return { blockHash, own: undefined, logs, hasEvents: events.length > 0 };
  } catch (error) {
    if (!(error instanceof MalformedAnswer)) throw error;
    throw new MalformedAnswer(`${what}, ${String(receipt["transactionHash"])}: ${error.message}`, {
      cause: error,
    });
  }
}

function isWanted(log: unknown, wanted: Wanted): boolean {
  const { address, topics } = objectOf(log, "log");
  // What it is not known of is read, and found to be malformed.
  if (typeof address !== "string" || !Array.isArray(topics)) return true;
  return wanted.isInteresting(address.toLowerCase(), String(topics[0] ?? ""));
}

const isDefined = (value: unknown): boolean => value !== undefined && value !== null;

const fieldsOf = (answer: unknown): Json =>
  typeof answer === "object" && answer !== null ? (answer as Json) : {};

const priceOf = (raw: Json): unknown => raw["effectiveGasPrice"] ?? raw["gasPrice"] ?? undefined;

const isComplete = (raw: Json): boolean =>
  isDefined(raw["effectiveGasPrice"]) && isDefined(raw["blockNumber"]) && isDefined(raw["blockHash"]);

function completedBy(block: Json, raw: Json): Json {
  // Of another branch: what is missing is asked for by itself.
  if ((raw["blockHash"] ?? block["hash"]) !== block["hash"]) return raw;
  const transactions = Array.isArray(block["transactions"]) ? block["transactions"].map(fieldsOf) : [];
  const transaction = transactions.find(({ hash }) => hash === raw["transactionHash"]) ?? {};
  const { number: blockNumber, hash: blockHash } = block;
  return withGaps(raw, { blockNumber, blockHash, price: paid(transaction, block) });
}

interface Told {
  readonly blockNumber: unknown;
  readonly blockHash: unknown;
  readonly price: unknown;
}

/** A receipt with its gaps filled by what was told elsewhere; what it says itself stays. */
function withGaps(raw: Json, told: Told): Json {
  const blockNumber = raw["blockNumber"] ?? told.blockNumber;
  const blockHash = raw["blockHash"] ?? told.blockHash;
  const effectiveGasPrice = priceOf(raw) ?? told.price;
  const logs = Array.isArray(raw["logs"])
    ? raw["logs"].map((log) => ({
        ...fieldsOf(log),
        blockNumber: fieldsOf(log)["blockNumber"] ?? blockNumber,
      }))
    : raw["logs"];
  return { ...raw, blockNumber, blockHash, effectiveGasPrice, logs };
}

/** Whether nobody signed a transaction: a rollup puts its own into blocks, and nobody pays for them. */
const isNobodys = ({ type, from }: Json): boolean =>
  isDefined(type) && (!isDefined(from) || /^0x0+$/.test(String(from)));

/**
 * What a transaction paid for a unit of gas: by EIP-1559 the base fee and its tip, at most what it offers. Those without an
 * offer, of legacy rollups for instance, pay their gas price.
 */
function paid(transaction: Json, { baseFeePerGas }: Json): unknown {
  const { gasPrice, maxFeePerGas, maxPriorityFeePerGas } = transaction;
  if (!isDefined(gasPrice) && !isDefined(maxFeePerGas) && isNobodys(transaction)) return "0x0";
  if (!isDefined(maxFeePerGas) || !isDefined(baseFeePerGas)) return gasPrice;
  const most = quantity(maxFeePerGas, "maxFeePerGas");
  const asked =
    quantity(baseFeePerGas, "baseFeePerGas") + quantity(maxPriorityFeePerGas, "maxPriorityFeePerGas");
  return toQuantity(asked < most ? asked : most);
}
