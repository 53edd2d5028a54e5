import { toQuantity } from "ethers";

/** Wei per gas of every block. */
export const BASE_FEE = 1_000_000_000n;

/** Of every transaction: they are all plain transfers. */
export const GAS = 21_000n;

const EMPTY_ROOT = "0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421";
const NO_BLOOM = `0x${"00".repeat(256)}`;

/** A transfer that was taken. */
export interface Taken {
  readonly hash: string;
  readonly from: string;
  readonly to: string;
  readonly value: bigint;
  readonly fee: bigint;
  readonly price: bigint;
  readonly nonce: number;
}

/** A block, as its clients are told of it. */
export interface NullBlock {
  readonly header: Readonly<Record<string, unknown>>;
  readonly receipts: readonly Readonly<Record<string, unknown>>[];
  /** When it could first be asked for. Unix milliseconds. */
  readonly at: number;
}

export function sealed(number: number, mined: readonly Taken[]): NullBlock {
  const hash = hashOf(number);
  const root = mined.length === 0 ? EMPTY_ROOT : hash;
  const header = {
    number: toQuantity(number),
    hash,
    parentHash: hashOf(number - 1),
    timestamp: toQuantity(Math.floor(Date.now() / 1000)),
    baseFeePerGas: toQuantity(BASE_FEE),
    gasLimit: toQuantity(2n ** 40n),
    gasUsed: toQuantity(GAS * BigInt(mined.length)),
    logsBloom: NO_BLOOM,
    receiptsRoot: root,
    transactionsRoot: root,
    stateRoot: hash,
    transactions: mined.map((one) => one.hash),
  };
  const receipts = mined.map((one, index) => receiptOf(one, index, number, hash));
  return { header, receipts, at: Date.now() };
}

const receiptOf = ({ hash, from, to, price }: Taken, index: number, block: number, blockHash: string) => ({
  transactionHash: hash,
  transactionIndex: toQuantity(index),
  blockHash,
  blockNumber: toQuantity(block),
  from,
  to,
  type: "0x2",
  status: "0x1",
  gasUsed: toQuantity(GAS),
  cumulativeGasUsed: toQuantity(GAS * BigInt(index + 1)),
  effectiveGasPrice: toQuantity(price),
  contractAddress: null,
  logs: [],
  logsBloom: NO_BLOOM,
  l1Fee: "0x0",
});

/** Any 32 bytes that no other block has. */
const hashOf = (number: number): string => `0xb10c${number.toString(16).padStart(60, "0")}`;
