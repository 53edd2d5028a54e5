import { MalformedAnswer } from "./errors.ts";

/** Transaction hash: 0x and 64 hexadecimal digits. */
export type TxHash = string & { readonly __brand: "transaction hash" };

/** An event as a node tells it. */
export interface Log {
  readonly address: string;
  readonly topics: readonly string[];
  readonly data: string;
  readonly blockNumber: number;
  readonly transactionHash: TxHash;
  readonly logIndex: number;
}

/** A line of what a transaction is charged beside gas × price: what it is for, and wei. */
export interface FeeLine {
  readonly cause: string;
  readonly wei: bigint;
}

/** A receipt as a node tells it. */
export type RawReceipt = Readonly<Record<string, unknown>>;

/** Reads from a chain's receipt what it charges beside gas × price. */
export type ReadFees = (receipt: RawReceipt) => readonly FeeLine[];

/** A mined transaction. Fees in wei. */
export interface Receipt {
  readonly hash: TxHash;
  readonly blockNumber: number;
  readonly blockHash: string;
  readonly succeeded: boolean;
  readonly gasUsed: bigint;
  /** Gas used times the price paid for it. */
  readonly gasFee: bigint;
  /** What is charged beside the gas, none of it 0. */
  readonly fees: readonly FeeLine[];
  readonly logs: readonly Log[];
}

/** What is wanted of a block's receipts: a block of a busy chain is nearly all strangers'. */
export interface Wanted {
  isOwn(hash: TxHash): boolean;
  /** @param address in lower case. @param topic its first one; empty where it has none */
  isInteresting(address: string, topic: string): boolean;
}

/** A block's receipts, as far as they are wanted. */
export interface WantedReceipts {
  /** How many it has. */
  readonly count: number;
  /** Of which blocks they are: two nodes behind one endpoint may be on two branches of the chain. */
  readonly blockHashes: ReadonlySet<string>;
  readonly own: readonly Receipt[];
  /** In the order of the chain. */
  readonly logs: readonly Log[];
  /** Whether any has events, wanted or not. */
  readonly haveEvents: boolean;
}

/** A block's header, with the hashes of its transactions. */
export interface Block {
  readonly number: number;
  readonly hash: string;
  readonly parentHash: string;
  /** Unix milliseconds; undefined where the node does not say. */
  readonly timestamp: number | undefined;
  /** Wei; undefined on chains without EIP-1559. */
  readonly baseFee: bigint | undefined;
  readonly transactions: readonly TxHash[];
  /** What events it may have; undefined where the chain does not say. */
  readonly logsBloom: string | undefined;
  /** Whether the header says that it has transactions, by its gas and its receipts' root; undefined where the chain does not say. */
  readonly hasReceipts: boolean | undefined;
}

type Json = Readonly<Record<string, unknown>>;

/** All that a mined transaction took from its sender's balance beside its value. Wei. */
export const costOf = ({ gasFee, fees }: Pick<Receipt, "gasFee" | "fees">): bigint =>
  fees.reduce((sum, { wei }) => sum + wei, gasFee);

export function objectOf(value: unknown, what: string): Json {
  if (typeof value === "object" && value !== null) return value as Json;
  throw new MalformedAnswer(`${what} is not an object`);
}

function text(json: Json, name: string): string {
  const value = json[name];
  if (typeof value === "string") return value;
  throw new MalformedAnswer(`${name} is missing`);
}

/** A JSON-RPC quantity (`0x…`). */
export function quantity(value: unknown, name = "quantity"): bigint {
  if (typeof value === "string" && /^0x[0-9a-fA-F]+$/.test(value)) return BigInt(value);
  throw new MalformedAnswer(`${name} is not a quantity`);
}

/** A quantity that is a place or a count. */
export function whole(value: unknown, name: string): number {
  const number = Number(quantity(value, name));
  if (Number.isSafeInteger(number)) return number;
  throw new MalformedAnswer(`${name} is out of any range`);
}

/** Hexadecimal digits (`0x…`), be they none. */
export function digits(value: unknown, name: string): string {
  if (typeof value === "string" && /^0x[0-9a-fA-F]*$/.test(value)) return value;
  throw new MalformedAnswer(`${name} is not hexadecimal`);
}

/** Bytes: `0x` and two digits for each. */
export function bytes(value: unknown, name: string): string {
  const hex = digits(value, name);
  if (hex.length % 2 === 0) return hex;
  throw new MalformedAnswer(`${name} has half a byte`);
}

function list(json: Json, name: string): readonly unknown[] {
  const value = json[name];
  if (Array.isArray(value)) return value;
  throw new MalformedAnswer(`${name} is not a list`);
}

export function parseLog(value: unknown): Log {
  const json = objectOf(value, "log");
  return {
    address: text(json, "address").toLowerCase(),
    topics: list(json, "topics").map((topic) => bytes(topic, "topic")),
    data: bytes(json["data"], "data"),
    blockNumber: whole(json["blockNumber"], "blockNumber"),
    transactionHash: text(json, "transactionHash") as TxHash,
    logIndex: whole(json["logIndex"], "logIndex"),
  };
}

/** Most receipts have no events, and many no fees beside the gas's: they share this. */
const NONE: readonly never[] = [];

/** @returns undefined for the null of a transaction that is not mined */
export function parseReceipt(value: unknown, readFees: ReadFees = () => []): Receipt | undefined {
  if (value === null) return undefined;
  const json = objectOf(value, "receipt");
  const gasUsed = quantity(json["gasUsed"], "gasUsed");
  const price = json["effectiveGasPrice"] ?? json["gasPrice"];
  const fees = readFees(json).filter(({ wei }) => wei > 0n);
  const events = eventsOf(json);
  return {
    hash: text(json, "transactionHash") as TxHash,
    blockNumber: whole(json["blockNumber"], "blockNumber"),
    blockHash: text(json, "blockHash"),
    succeeded: quantity(json["status"], "status") === 1n,
    gasUsed,
    gasFee: gasUsed * quantity(price, "effectiveGasPrice"),
    fees: fees.length === 0 ? NONE : fees,
    logs: events.length === 0 ? NONE : events.map(parseLog),
  };
}

/**
 * The events of a receipt. Some nodes have a receipt before its events: what its own bloom says it has (EIP-2718 receipts carry one)
 * is not there yet.
 */
export function eventsOf(receipt: Json): readonly unknown[] {
  const logs = list(receipt, "logs");
  const { logsBloom } = receipt;
  if (logs.length > 0 || typeof logsBloom !== "string" || logsBloom === NO_BLOOM) return logs;
  if (/^0x.*[1-9a-f]/i.test(logsBloom))
    throw new MalformedAnswer("it has no events, and its logsBloom has some");
  return logs;
}

/** The bloom of no events. */
const NO_BLOOM = `0x${"0".repeat(512)}`;

/** @returns undefined for the null of a block that is not there yet */
export function parseBlock(value: unknown): Block | undefined {
  if (value === null) return undefined;
  const json = objectOf(value, "block");
  const baseFee = json["baseFeePerGas"] ?? undefined;
  const timestamp = json["timestamp"] ?? undefined;
  return {
    number: whole(json["number"], "number"),
    hash: text(json, "hash"),
    parentHash: text(json, "parentHash"),
    timestamp: timestamp === undefined ? undefined : 1000 * whole(timestamp, "timestamp"),
    baseFee: baseFee === undefined ? undefined : quantity(baseFee, "baseFeePerGas"),
    hasReceipts: hasReceipts(json),
    logsBloom: json["logsBloom"] === undefined ? undefined : digits(json["logsBloom"], "logsBloom"),
    transactions: list(json, "transactions").map((hash) => bytes(hash, "transaction hash") as TxHash),
  };
}

/** The root of no receipts: Keccak-256 of the RLP of an empty string (Ethereum yellow paper, 4.3). */
const NO_RECEIPTS = "0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421";

/** Both have to say so: some chains leave the root out as zeros, others count gas of what is no transaction to Ethereum's eyes. */
function hasReceipts({ gasUsed = null, receiptsRoot = null }: Json): boolean | undefined {
  if (gasUsed === null || typeof receiptsRoot !== "string" || /^0x0*$/.test(receiptsRoot)) return undefined;
  return quantity(gasUsed, "gasUsed") > 0n && receiptsRoot.toLowerCase() !== NO_RECEIPTS;
}

/** A transaction as a chain has it, mined or not. Wei. */
export interface SeenTransaction {
  readonly hash: TxHash;
  /** Lower case. */
  readonly from: string;
  /** Lower case; undefined where it makes a contract. */
  readonly to: string | undefined;
  readonly data: string;
  readonly value: bigint;
}

/** Who sends what nobody signed, as some rollups' own transactions are. */
const NOBODY = "0x0000000000000000000000000000000000000000";

/** @returns undefined for the null of a transaction that is not known */
export function parseTransaction(value: unknown): SeenTransaction | undefined {
  if (value === null) return undefined;
  const json = objectOf(value, "transaction");
  const to = json["to"] ?? undefined;
  return {
    hash: text(json, "hash") as TxHash,
    from: (json["from"] ?? undefined) === undefined ? NOBODY : text(json, "from").toLowerCase(),
    to: to === undefined ? undefined : text(json, "to").toLowerCase(),
    data: bytes(json["input"] ?? "0x", "input"),
    value: quantity(json["value"] ?? "0x0", "value"),
  };
}

/** The transactions of a block that was asked for with all of them. */
export const parseBlockTransactions = (value: unknown): SeenTransaction[] =>
  list(objectOf(value, "block"), "transactions").map((one) => {
    const transaction = parseTransaction(one);
    if (transaction === undefined) throw new MalformedAnswer("a block has a transaction that is null");
    return transaction;
  });
