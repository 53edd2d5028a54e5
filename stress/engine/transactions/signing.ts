import { keccak256, Transaction } from "ethers";
import type { TxHash } from "../rpc/index.ts";
import type { Account } from "./account.ts";
import { type Fees, highestPrice } from "./fees.ts";
import { type TransactionPlan, transfer } from "./plan.ts";
import type { SignedVersion } from "./sent-transaction.ts";

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
  const raw = transaction.serialized;
  // Its own getter would encode all of it once more.
  return {
    hash: keccak256(raw) as TxHash,
    raw,
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
  // Only a plain transfer is worth more or less as a whole: what a contract is called with stays.
  if (plan.exactGasPrice === undefined || plan.data !== "0x") return plan;
  const exactGasPrice = highestPrice(higher);
  const amount = plan.value - (exactGasPrice - highestPrice(fees)) * gasLimit;
  return amount <= 0n ? undefined : { ...plan, ...transfer(plan.to, amount), exactGasPrice };
}
