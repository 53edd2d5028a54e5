import { setTimeout as sleep } from "node:timers/promises";
import { toQuantity } from "ethers";
import type { Account } from "./account.ts";
import type { Chain, PerChain } from "../base/chain.ts";
import { reasonOf } from "../base/errors.ts";
import { feesAt, highestPrice } from "./fees.ts";
import type { Nonces } from "./nonces.ts";
import { quantity, type TxHash } from "../rpc/receipt.ts";
import { classifyRpcError, isPassing, retryAfter, type Rpc } from "../rpc/rpc.ts";
import {
  NotSubmitted,
  SentTransaction,
  type SignedVersion,
  type TransactionJournal,
  type TransactionPlan,
} from "./sent-transaction.ts";
import { signVersion } from "./signing.ts";
import type { Transactions } from "./transactions.ts";
import type { Watcher } from "../chain/watcher.ts";

/** How a chain is sent to. */
export interface SubmitterChain {
  readonly rpc: Rpc;
  readonly watcher: Watcher;
  readonly chainId: bigint;
  /** Gas limit in relation to the estimate. */
  readonly gasMultiplier: number;
}

/**
 * Added to the gas limit of every call to a contract: its state may change between estimate and block (a pool's reward
 * accounting, say), and gas not used is not paid for.
 */
const CALL_MARGIN = 50_000n;

/** Gas of a plain transfer, which takes neither more nor less (EIP-2028 and before: G_transaction). */
export const TRANSFER_GAS = 21_000n;

/** Attempts to learn whether a chain took a transaction, and the pause before the first repetition in milliseconds. */
const ATTEMPTS = 6;
const FIRST_PAUSE_MS = 200;

const UNTOLD: TransactionJournal = { signed: () => undefined };

/** Signs, registers, and only then sends. */
export class Submitter {
  readonly #chains: PerChain<SubmitterChain>;
  readonly #nonces: Nonces;
  readonly #transactions: Transactions;
  readonly #filling = new Set<string>();
  /** Told of each empty transaction that is about to take a refused one's nonce. */
  onFilling: (account: string, chain: Chain, hash: TxHash) => void = () => undefined;

  constructor(chains: PerChain<SubmitterChain>, nonces: Nonces, transactions: Transactions) {
    this.#chains = chains;
    this.#nonces = nonces;
    this.#transactions = transactions;
  }

  /** Most wei that a transaction with this much gas can cost in fees, the L1 data fee left out. */
  feeBound(chain: Chain, gas: bigint): bigint {
    return this.#gasLimit(chain, gas) * highestPrice(feesAt(this.#chains[chain].watcher.head));
  }

  /**
   * Submits a transaction. Where the endpoint never said whether it took it, it counts as submitted: what became of it is
   * settled by looking (`Resender`).
   *
   * @param journal is told when the transaction is registered with the watcher and before it is sent
   * @param signal ends the repetitions where the endpoint does not answer
   * @throws {NotSubmitted} where the chain will not have it; nothing was moved then
   */
  async submit(
    account: Account,
    chain: Chain,
    plan: TransactionPlan,
    journal: TransactionJournal = UNTOLD,
    signal?: AbortSignal,
  ): Promise<SentTransaction> {
    const { chainId, watcher } = this.#chains[chain];
    const gasEstimated = plan.gas ?? (await this.#estimate(account, chain, plan, signal));
    const nonce = this.#nonces.take(account.address, chain);
    let transaction: SentTransaction | undefined;
    try {
      const gasLimit = plan.data === "0x" ? gasEstimated : this.#gasLimit(chain, gasEstimated);
      const fees = feesAt(watcher.head, plan.exactGasPrice);
      const version = signVersion(account, plan, { chainId, nonce, gasLimit, fees });
      transaction = new SentTransaction({ account, chain, nonce, gasEstimated, journal }, version);
      this.#transactions.register(transaction, version);
      journal.signed(version.hash, gasEstimated);
      await this.#send(chain, version, signal);
      return transaction;
    } catch (error) {
      if (transaction !== undefined) this.#transactions.drop(transaction);
      await this.#takeBack(account, chain, nonce, error);
      throw error;
    }
  }

  /** Gives up a transaction that no node takes any more: its nonce is filled, so that nothing after it gets stuck. */
  async giveUp(transaction: SentTransaction, refusal: NotSubmitted): Promise<void> {
    this.#transactions.giveUp(transaction);
    transaction.wasRefused(refusal.failure, refusal.message);
    await this.#takeBack(transaction.account, transaction.chain, transaction.nonce, refusal);
  }

  /** Makes the nonce of a transaction that will not happen free again, so that nothing after it gets stuck. */
  async #takeBack(account: Account, chain: Chain, nonce: number, error: unknown): Promise<void> {
    const { address } = account;
    if (error instanceof NotSubmitted && error.failure === "nonce too low") {
      // Somebody else used the account: the chain knows how far it is.
      await this.#readNonce(address, chain);
      return;
    }
    this.#nonces.giveBack(address, chain, nonce);
    const key = `${chain}:${address}`;
    if (!this.#nonces.hasGap(address, chain) || this.#filling.has(key)) return;
    this.#filling.add(key);
    try {
      while (this.#nonces.hasGap(address, chain) && (await this.#fillGap(account, chain)));
    } finally {
      this.#filling.delete(key);
    }
  }

  async #readNonce(address: string, chain: Chain): Promise<void> {
    try {
      const count = await this.#chains[chain].rpc.send("eth_getTransactionCount", [address, "pending"]);
      this.#nonces.open(address, chain, Number(quantity(count)));
    } catch (error) {
      // Told is the refusal; the next one asks again.
      if (!isPassing(classifyRpcError(error))) throw error;
    }
  }

  /** Transactions with later nonces are under way and would wait for the one given back: an empty one takes its place. */
  async #fillGap(account: Account, chain: Chain): Promise<boolean> {
    const movement = { kind: "nothing" } as const;
    const plan = { to: account.address, data: "0x", value: 0n, gas: TRANSFER_GAS, movement };
    const signed = (hash: TxHash): void => this.onFilling(account.address, chain, hash);
    try {
      await this.submit(account, chain, plan, { signed });
      return true;
    } catch (error) {
      // The account's next transaction takes the nonce instead; what is told is why the first one was refused.
      if (!(error instanceof NotSubmitted)) throw error;
      return false;
    }
  }

  #gasLimit(chain: Chain, gas: bigint): bigint {
    const multiplied = (gas * BigInt(Math.round(this.#chains[chain].gasMultiplier * 1000))) / 1000n;
    return multiplied + CALL_MARGIN;
  }

  async #estimate(
    account: Account,
    chain: Chain,
    { to, data, value }: TransactionPlan,
    signal: AbortSignal | undefined,
  ): Promise<bigint> {
    const call = { from: account.address, to, data, value: toQuantity(value) };
    for (let attempt = 1; ; attempt++) {
      try {
        return quantity(await this.#chains[chain].rpc.send("eth_estimateGas", [call]), "gas");
      } catch (error) {
        const failure = classifyRpcError(error);
        if (!isPassing(failure) || attempt === ATTEMPTS || signal?.aborted === true) {
          throw new NotSubmitted(failure, `gas estimate: ${reasonOf(error)}`, { cause: error });
        }
        await pause(attempt, signal, retryAfter(error));
        this.#chains[chain].rpc.traffic.repeated();
      }
    }
  }

  /**
   * Sends the same bytes until the chain has them, or says that it never will. After an answer that got lost nothing the
   * chain says is a refusal: "nonce too low" may mean that this very transaction was mined.
   */
  async #send(chain: Chain, { raw, hash }: SignedVersion, signal: AbortSignal | undefined): Promise<void> {
    const { rpc } = this.#chains[chain];
    let isUnanswered = false;
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      try {
        await rpc.send("eth_sendRawTransaction", [raw]);
        return;
      } catch (error) {
        const failure = classifyRpcError(error);
        if (failure === "already known") return;
        isUnanswered ||= failure === "no answer";
        if (isUnanswered && (!isPassing(failure) || (await this.#isKnown(chain, hash)))) return;
        const isFinal = !isPassing(failure) || (!isUnanswered && attempt === ATTEMPTS);
        if (isFinal) throw new NotSubmitted(failure, reasonOf(error), { cause: error });
        if (signal?.aborted === true) return;
        await pause(attempt, signal, retryAfter(error));
        if (attempt < ATTEMPTS) rpc.traffic.repeated();
      }
    }
  }

  /** Whether the chain has a transaction whose answer was lost. */
  async #isKnown(chain: Chain, hash: TxHash): Promise<boolean> {
    try {
      return (await this.#chains[chain].rpc.send("eth_getTransactionByHash", [hash])) !== null;
    } catch {
      // Whatever the endpoint answered, it is not what was asked: the bytes are sent once more.
      return false;
    }
  }
}

/** Longer from attempt to attempt, and as long as the endpoint wants (ms); a signal cuts it short. */
async function pause(attempt: number, signal: AbortSignal | undefined, atLeast: number): Promise<void> {
  const ms = Math.max(atLeast, FIRST_PAUSE_MS * 2 ** (attempt - 1));
  await sleep(ms, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
}
