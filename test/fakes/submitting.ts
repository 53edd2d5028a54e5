import { keepBooks } from "../../stress/engine/transactions/bookkeeper.ts";
import { Account } from "../../stress/engine/transactions/account.ts";
import { Nonces } from "../../stress/engine/transactions/nonces.ts";
import { Ledger } from "../../stress/engine/ledger/index.ts";
import { Node } from "../../stress/engine/rpc/index.ts";
import type { TransactionPlan } from "../../stress/engine/transactions/plan.ts";
import type { Purpose } from "../../stress/engine/transactions/purpose.ts";
import { Submitter } from "../../stress/engine/transactions/submitter.ts";
import { Transactions } from "../../stress/engine/transactions/transactions.ts";
import { readRollupFees } from "../../stress/protocols/fees.ts";
import { newStream } from "./bridge.ts";
import { FakeChain, GWEI } from "./chain.ts";
import { FakeClock } from "./clock.ts";
import { addressOf } from "./contracts.ts";
import { watching } from "./watching.ts";

export const account = new Account(`0x${"5e".repeat(32)}`);

const to = addressOf(90);

/** A call to a contract. */
export const call: TransactionPlan = { to, data: "0x12345678", value: 5n, moves: [] };

export const transfer: TransactionPlan = { ...call, data: "0x" };

/** What the tests send transactions for, where it does not matter. */
export const purpose: Purpose = { kind: "filler" };

export interface Conditions {
  readonly gasMultiplier: number;
  /** null: a chain without EIP-1559. */
  readonly baseFee: bigint | null;
  /** Wei that so much gas is charged beside its price. */
  readonly feeOnGas: (gas: bigint) => bigint;
}

/** A submitter to one fake chain that the account has sent seven transactions on. */
export async function submitting({
  gasMultiplier = 1.5,
  baseFee = 2n * GWEI,
  feeOnGas = () => 0n,
}: Partial<Conditions> = {}) {
  const chain = new FakeChain();
  chain.baseFee = baseFee ?? undefined;
  const stream = newStream();
  const clock = new FakeClock();
  const { watcher, lines } = await watching(chain, { stream }, clock);
  const { watcher: other } = await watching(new FakeChain(), { chain: 2, stream }, clock);
  const nonces = new Nonces();
  nonces.open(account.address, 1, 7);
  const node = new Node(chain, readRollupFees);
  const way = { node, watcher, chainId: 31_337n, gasMultiplier, feeOnGas };
  const ledger = new Ledger();
  keepBooks(ledger, stream);
  const transactions = new Transactions({ 1: watcher, 2: other }, stream, clock);
  const chains = { 1: way, 2: { ...way, watcher: other } };
  const submitter = new Submitter(chains, nonces, transactions, stream, clock);
  return { chain, chains, watcher, nonces, submitter, transactions, ledger, clock, lines, stream };
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
