import { toQuantity } from "ethers";
import { bloomOf } from "../../fakes/bloom.ts";
import type { MinedTransaction, SimBlock, SimChain } from "./chain.ts";
import type { Dice } from "./dice.ts";
import { DATA_FEE } from "./fees.ts";
import type { Signed } from "./signed.ts";

export type Json = Readonly<Record<string, unknown>>;

/** A block as a node tells it. */
export const blockJson = (block: SimBlock, isFull: boolean): Json => ({
  ...headerOf(block),
  transactions: block.transactions.map((one) => (isFull ? minedJson(one, block) : one.hash)),
});

const headers = new WeakMap<SimBlock, Json>();

function headerOf(block: SimBlock): Json {
  const known = headers.get(block);
  if (known !== undefined) return known;
  const { number, hash, parentHash, baseFee, transactions, state, timestamp } = block;
  const header = {
    number: toQuantity(number),
    hash,
    parentHash,
    baseFeePerGas: toQuantity(baseFee),
    gasUsed: toQuantity(transactions.reduce((sum, { gasUsed }) => sum + gasUsed, 0n)),
    logsBloom: bloomOf(transactions.flatMap(({ logs }) => logs)),
    ...state.header(hash, timestamp),
  };
  headers.set(block, header);
  return header;
}

/** A transaction that is in a block. */
export const minedJson = (
  { hash, from, to, value, data, price, signed }: MinedTransaction,
  block: SimBlock,
): Json => ({
  hash,
  from,
  to,
  value: toQuantity(value),
  input: data,
  gasPrice: toQuantity(price),
  blockNumber: toQuantity(block.number),
  blockHash: block.hash,
  ...(signed === undefined ? {} : offerOf(signed)),
});

const offerOf = ({ most, tip, nonce }: Signed): Json => ({
  maxFeePerGas: toQuantity(most),
  maxPriorityFeePerGas: toQuantity(tip),
  nonce: toQuantity(nonce),
});

/** A transaction that waits. */
export const waitingJson = (signed: Signed): Json => {
  const { hash, from, to, value, data, most } = signed;
  return {
    hash,
    from,
    to,
    value: toQuantity(value),
    input: data,
    gasPrice: toQuantity(most),
    ...offerOf(signed),
  };
};

const receipts = new WeakMap<SimBlock, readonly Json[]>();

/** The receipts of a block, in its order. */
export function receiptsOf(block: SimBlock, { chain }: SimChain): readonly Json[] {
  const known = receipts.get(block);
  if (known !== undefined) return known;
  let logIndex = 0;
  const where = { blockNumber: toQuantity(block.number), blockHash: block.hash };
  const told = block.transactions.map(({ hash, succeeded, gasUsed, price, logs, signed, type }) => ({
    ...where,
    ...(type === undefined ? {} : { type }),
    transactionHash: hash,
    status: succeeded ? "0x1" : "0x0",
    gasUsed: toQuantity(gasUsed),
    effectiveGasPrice: toQuantity(price),
    ...(chain === 2 && signed !== undefined ? { l1Fee: toQuantity(DATA_FEE) } : {}),
    logs: logs.map((log) => ({
      ...log,
      ...where,
      transactionHash: hash,
      logIndex: toQuantity(logIndex++),
    })),
  }));
  receipts.set(block, told);
  return told;
}

/** A receipt as some nodes give it: without the price, or promised before its block is there. */
export const bare = (receipt: Json, dice: Dice): Json =>
  dice.pick<Json>([
    { ...receipt, effectiveGasPrice: null },
    { ...receipt, effectiveGasPrice: undefined },
    { ...receipt, blockNumber: null, blockHash: null },
  ]);
