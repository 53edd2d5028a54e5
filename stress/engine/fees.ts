import type { Head } from "./watcher.ts";

/** The fee fields of a transaction. Wei per gas. */
export type Fees =
  | { readonly type: 0; readonly gasPrice: bigint }
  | { readonly type: 2; readonly maxFeePerGas: bigint; readonly maxPriorityFeePerGas: bigint };

/**
 * EIP-1559 fees where the chain has a base fee, with room for it to double; else one gas price.
 *
 * @param exact price to pay exactly: what the base fee leaves of it goes to the tip
 */
export function feesAt({ baseFee, gasPrice }: Head, exact?: bigint): Fees {
  if (baseFee === undefined) return { type: 0, gasPrice: exact ?? gasPrice };
  const tip = gasPrice > baseFee ? gasPrice - baseFee : 0n;
  return { type: 2, maxFeePerGas: exact ?? 2n * baseFee + tip, maxPriorityFeePerGas: exact ?? tip };
}

/** Most wei that a unit of gas can cost with these fees. */
export const highestPrice = (fees: Fees): bigint => (fees.type === 0 ? fees.gasPrice : fees.maxFeePerGas);
