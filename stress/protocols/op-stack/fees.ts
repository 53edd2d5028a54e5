import { type FeeLine, quantity, type RawReceipt, type ReadFees } from "../../engine/rpc/index.ts";

/** What receipts of L2 charge beside gas × price. */
export const L1_DATA_FEE = "L1 data fee";
export const OPERATOR_FEE = "operator fee";

/** Deposits, and the transaction that closes a block of refunds: nobody pays for them. */
const FREE_TYPES = ["0x7e", "0x7d"];

/** A field of a receipt that may be there, or null, or left out. */
const told = (receipt: RawReceipt, name: string): bigint | undefined => {
  const value = receipt[name] ?? undefined;
  return value === undefined ? undefined : quantity(value, name);
};

/**
 * What an L2 transaction is charged beside its gas. The L1 data fee is told in wei; the operator fee has to be reckoned from its
 * scalar and constant, by the rule of the fork that the receipt is of: Jovian's receipts have a field that Isthmus's have not.
 * `opGasRefund`, where a receipt has it, is taken off `gasUsed` already.
 *
 * Isthmus: ⌊gas · scalar / 10⁶⌋ + constant. Jovian: gas · scalar · 100 + constant. (Both: specifications of the forks, `exec-engine`.)
 */
export const readFees: ReadFees = (receipt) => {
  if (FREE_TYPES.includes(String(receipt["type"]).toLowerCase())) return [];
  const lines: FeeLine[] = [];
  const l1Fee = told(receipt, "l1Fee");
  if (l1Fee !== undefined) lines.push({ cause: L1_DATA_FEE, wei: l1Fee });
  const scalar = told(receipt, "operatorFeeScalar") ?? 0n;
  const constant = told(receipt, "operatorFeeConstant") ?? 0n;
  if (scalar === 0n && constant === 0n) return lines;
  const gas = quantity(receipt["gasUsed"], "gasUsed");
  const isJovian = told(receipt, "daFootprintGasScalar") !== undefined;
  const byGas = isJovian ? gas * scalar * 100n : (gas * scalar) / 1_000_000n;
  return [...lines, { cause: OPERATOR_FEE, wei: byGas + constant }];
};
