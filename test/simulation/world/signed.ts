import { Transaction } from "ethers";
import type { TxHash } from "../../../stress/engine/rpc/index.ts";

/** A transaction as its sender signed it. Addresses in lower case, amounts in wei. */
export interface Signed {
  readonly hash: TxHash;
  readonly from: string;
  readonly to: string;
  readonly nonce: number;
  readonly value: bigint;
  readonly data: string;
  readonly gasLimit: bigint;
  /** The most it pays for a unit of gas. */
  readonly most: bigint;
  /** Of that, what goes beyond the base fee. */
  readonly tip: bigint;
}

const lower = (address: string | null): string => (address ?? "").toLowerCase();

/** Reads what was handed in. Its sender is recovered once: that takes longer than all else that a chain does with it. */
export function readSigned(raw: string): Signed {
  const transaction = Transaction.from(raw);
  const { nonce, value, data, gasLimit, gasPrice, maxFeePerGas, maxPriorityFeePerGas } = transaction;
  const most = maxFeePerGas ?? gasPrice ?? 0n;
  return {
    hash: transaction.hash as TxHash,
    from: lower(transaction.from),
    to: lower(transaction.to),
    nonce,
    value,
    data,
    gasLimit,
    most,
    tip: maxPriorityFeePerGas ?? most,
  };
}

/** What it pays for a unit of gas in a block with this base fee. */
export const priceAt = ({ most, tip }: Signed, baseFee: bigint): bigint =>
  baseFee + tip < most ? baseFee + tip : most;
