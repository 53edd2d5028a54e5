import type { Head } from "../chain/index.ts";

/** The fee fields of a transaction. Wei per gas. */
export type Fees =
  | { readonly type: 0; readonly gasPrice: bigint }
  | { readonly type: 2; readonly maxFeePerGas: bigint; readonly maxPriorityFeePerGas: bigint };

/**
 * EIP-1559 fees where the chain has a base fee, with room for it to double; else one gas price.
 *
 * @param exact price to pay exactly: what the base fee leaves of it goes to the tip
 */
export function feesAt(head: Head, exact?: bigint): Fees {
  if (exact !== undefined) return feesOf(head, exact);
  const known = FEES.get(head);
  if (known !== undefined) return known;
  const fees = feesOf(head);
  FEES.set(head, fees);
  return fees;
}

/** Of each head: all transactions that are sent at it have the same ones, and tens of thousands are kept until they are buried. */
const FEES = new WeakMap<Head, Fees>();

function feesOf({ baseFee, gasPrice }: Head, exact?: bigint): Fees {
  if (baseFee === undefined) return { type: 0, gasPrice: exact ?? gasPrice };
  const tip = gasPrice > baseFee ? gasPrice - baseFee : 0n;
  return { type: 2, maxFeePerGas: exact ?? 2n * baseFee + tip, maxPriorityFeePerGas: exact ?? tip };
}

/** Most wei that a unit of gas can cost with these fees. */
export const highestPrice = (fees: Fees): bigint => (fees.type === 0 ? fees.gasPrice : fees.maxFeePerGas);

/**
 * What nodes want of a transaction that takes another's place: each fee field at least a tenth higher (geth's txpool
 * `pricebump`, 10 %), and an eighth here, as other nodes ask for 12.5 %.
 */
const BUMP = { of: 9n, to: 8n };

const bumped = (price: bigint): bigint => (price * BUMP.of) / BUMP.to + 1n;

const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b);

/**
 * Fees for a transaction that takes another's place: what the chain asks now, and enough more than before.
 *
 * @param exact whether all of it is to be paid, as by `feesAt` with a price
 */
export function replacementFees(before: Fees, head: Head, exact: boolean): Fees {
  const now = feesAt(head);
  if (before.type === 0) return { type: 0, gasPrice: larger(bumped(before.gasPrice), highestPrice(now)) };
  const tipNow = now.type === 2 ? now.maxPriorityFeePerGas : 0n;
  const maxFeePerGas = larger(bumped(before.maxFeePerGas), highestPrice(now));
  if (exact) return { type: 2, maxFeePerGas, maxPriorityFeePerGas: maxFeePerGas };
  const tip = larger(bumped(before.maxPriorityFeePerGas), tipNow);
  return { type: 2, maxFeePerGas, maxPriorityFeePerGas: tip < maxFeePerGas ? tip : maxFeePerGas };
}
