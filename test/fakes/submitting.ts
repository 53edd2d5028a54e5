import { Account } from "../../stress/engine/transactions/account.ts";
import { Nonces } from "../../stress/engine/transactions/nonces.ts";
import { Ledger } from "../../stress/engine/ledger/ledger.ts";
import type { TransactionPlan } from "../../stress/engine/transactions/sent-transaction.ts";
import { Submitter, TRANSFER_GAS } from "../../stress/engine/transactions/submitter.ts";
import { Transactions } from "../../stress/engine/transactions/transactions.ts";
import { FakeChain, GWEI } from "./chain.ts";
import { addressOf } from "./contracts.ts";
import { watching } from "./watching.ts";

export const account = new Account(`0x${"5e".repeat(32)}`);

const to = addressOf(90);

/** A call to a contract. */
export const call: TransactionPlan = { to, data: "0x12345678", value: 5n, movement: { kind: "nothing" } };

export const transfer: TransactionPlan = { ...call, data: "0x", gas: TRANSFER_GAS };

export interface Conditions {
  readonly gasMultiplier: number;
  /** null: a chain without EIP-1559. */
  readonly baseFee: bigint | null;
}

/** A submitter to one fake chain that the account has sent seven transactions on. */
export async function submitting({ gasMultiplier = 1.5, baseFee = 2n * GWEI }: Partial<Conditions> = {}) {
  const chain = new FakeChain();
  chain.baseFee = baseFee ?? undefined;
  const { watcher, clock, lines } = await watching(chain);
  const { watcher: other } = await watching(new FakeChain(), { chain: 2 }, clock);
  const nonces = new Nonces();
  nonces.open(account.address, 1, 7);
  const way = { rpc: chain, watcher, chainId: 31_337n, gasMultiplier };
  const ledger = new Ledger();
  const transactions = new Transactions({ 1: watcher, 2: other }, ledger);
  const chains = { 1: way, 2: { ...way, watcher: other } };
  const submitter = new Submitter(chains, nonces, transactions);
  return { chain, chains, watcher, nonces, submitter, transactions, ledger, clock, lines };
}

/** Answers with each of the errors in turn, and then as the chain does. */
export function failing(chain: FakeChain, method: string, ...errors: readonly Error[]): void {
  const left = [...errors];
  chain.answer(method, (...params) => {
    const error = left.shift();
    if (error !== undefined) throw error;
    return chain.real(method, params);
  });
}
