import { Transaction } from "ethers";
import type { Account } from "./account.ts";
import { type Fees, highestPrice } from "./fees.ts";
import type { SignedVersion, TransactionPlan } from "./sent-transaction.ts";
import type { TxHash } from "../rpc/receipt.ts";

/** What a transaction is signed for. */
export interface SigningTerms {
  readonly chainId: bigint;
  readonly nonce: number;
  readonly gasLimit: bigint;
  readonly fees: Fees;
}

/** Signs a plan. */
export function signVersion(account: Account, plan: TransactionPlan, terms: SigningTerms): SignedVersion {
  const { to, data, value } = plan;
  const { fees, ...rest } = terms;
  const transaction = Transaction.from({ ...fees, ...rest, to, data, value });
  transaction.signature = account.sign(transaction.unsignedHash);
  return {
    hash: transaction.hash as TxHash,
    raw: transaction.serialized,
    gasLimit: terms.gasLimit,
    fees,
    plan,
  };
}

/**
 * A plan at a higher price. One that leaves nothing behind pays what the fee is more out of its value.
 *
 * @returns undefined where there is nothing left to pay it from
 */
export function atHigherPrice(
  { plan, fees, gasLimit }: SignedVersion,
  higher: Fees,
): TransactionPlan | undefined {
  if (plan.exactGasPrice === undefined || plan.movement.kind !== "payment") return plan;
  const exactGasPrice = highestPrice(higher);
  const amount = plan.value - (exactGasPrice - highestPrice(fees)) * gasLimit;
  if (amount <= 0n) return undefined;
  return { ...plan, exactGasPrice, value: amount, movement: { ...plan.movement, amount } };
}
