import type { TxHash } from "../rpc/index.ts";
import type { Account } from "./account.ts";
import { type Fees, highestPrice } from "./fees.ts";
import { type TransactionPlan, transfer } from "./plan.ts";
import type { SentTransaction, SignedVersion } from "./sent-transaction.ts";
import { digestOf, signedBytes, transactionHash } from "./transaction-bytes.ts";

/** What a transaction is signed for. */
export interface SigningTerms {
  readonly chainId: bigint;
  readonly nonce: number;
  readonly gasLimit: bigint;
  readonly fees: Fees;
}

/** Signs a plan. */
export function signVersion(
  account: Account,
  plan: TransactionPlan,
  terms: SigningTerms,
): SignedVersion & { readonly raw: string } {
  const { to, data, value } = plan;
  const fields = { ...terms, to, data, value };
  const raw = signedBytes(fields, account.sign(digestOf(fields)));
  return {
    hash: transactionHash(raw) as TxHash,
    raw,
    gasLimit: terms.gasLimit,
    fees: terms.fees,
    plan,
  };
}

/** The bytes of a version, signed again where they were given up: a signature depends on nothing but key and content (RFC 6979). */
export const rawOf = (
  { account, nonce }: Pick<SentTransaction, "account" | "nonce">,
  { raw, plan, gasLimit, fees }: SignedVersion,
  chainId: bigint,
): string => raw ?? signVersion(account, plan, { chainId, nonce, gasLimit, fees }).raw;

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
  return amount <= 0n ? undefined : { ...transfer(plan.to, amount), exactGasPrice };
}
