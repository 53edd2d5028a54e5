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

/** A mined transaction. Fees in wei. */
export interface Receipt {
  readonly hash: TxHash;
  readonly blockNumber: number;
  readonly blockHash: string;
  readonly succeeded: boolean;
  readonly gasUsed: bigint;
  /** Gas used times the price paid for it. */
  readonly gasFee: bigint;
  /** What a rollup charges for the transaction's data on L1; 0 on other chains. */
  readonly l1Fee: bigint;
  readonly logs: readonly Log[];
}

/** A block's header, with the hashes of its transactions. */
export interface Block {
  readonly number: number;
  readonly hash: string;
  readonly parentHash: string;
  /** Wei; undefined on chains without EIP-1559. */
  readonly baseFee: bigint | undefined;
  readonly transactions: readonly TxHash[];
}

type Json = Readonly<Record<string, unknown>>;

/** A node's answer that is not what the JSON-RPC specification says. */
export class MalformedAnswer extends Error {}

function objectOf(value: unknown, what: string): Json {
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

function list(json: Json, name: string): readonly unknown[] {
  const value = json[name];
  if (Array.isArray(value)) return value;
  throw new MalformedAnswer(`${name} is not a list`);
}

export function parseLog(value: unknown): Log {
  const json = objectOf(value, "log");
  return {
    address: text(json, "address").toLowerCase(),
    topics: list(json, "topics").map(String),
    data: text(json, "data"),
    blockNumber: Number(quantity(json["blockNumber"], "blockNumber")),
    transactionHash: text(json, "transactionHash") as TxHash,
    logIndex: Number(quantity(json["logIndex"], "logIndex")),
  };
}

/** @returns undefined for the null of a transaction that is not mined */
export function parseReceipt(value: unknown): Receipt | undefined {
  if (value === null) return undefined;
  const json = objectOf(value, "receipt");
  const gasUsed = quantity(json["gasUsed"], "gasUsed");
  const price = json["effectiveGasPrice"] ?? json["gasPrice"];
  return {
    hash: text(json, "transactionHash") as TxHash,
    blockNumber: Number(quantity(json["blockNumber"], "blockNumber")),
    blockHash: text(json, "blockHash"),
    succeeded: quantity(json["status"], "status") === 1n,
    gasUsed,
    gasFee: gasUsed * quantity(price, "effectiveGasPrice"),
    l1Fee: typeof json["l1Fee"] === "string" ? quantity(json["l1Fee"], "l1Fee") : 0n,
    logs: list(json, "logs").map(parseLog),
  };
}

/** @returns undefined for the null of a block that is not there yet */
export function parseBlock(value: unknown): Block | undefined {
  if (value === null) return undefined;
  const json = objectOf(value, "block");
  return {
    number: Number(quantity(json["number"], "number")),
    hash: text(json, "hash"),
    parentHash: text(json, "parentHash"),
    baseFee: typeof json["baseFeePerGas"] === "string" ? quantity(json["baseFeePerGas"]) : undefined,
    transactions: list(json, "transactions").map(String) as TxHash[],
  };
}
