import { setTimeout as sleep } from "node:timers/promises";
import { Transaction, toQuantity } from "ethers";
import type { Account } from "./account.ts";
import type { Chain, PerChain } from "./chain.ts";
import { reasonOf } from "./errors.ts";
import { feesAt, highestPrice } from "./fees.ts";
import type { Movement } from "./ledger.ts";
import type { Nonces } from "./nonces.ts";
import { quantity, type Receipt, type TxHash } from "./receipt.ts";
import { classifyRpcError, isPassing, retryAfter, type Rpc, type RpcFailure } from "./rpc.ts";
import type { Watcher } from "./watcher.ts";

/** A transaction as an operation wants it: neither nonce nor fees. Wei. */
export interface TransactionPlan {
  readonly to: string;
  readonly data: string;
  readonly value: bigint;
  readonly movement: Movement;
  /** Gas it is known to take, where that is certain; otherwise it is estimated. */
  readonly gas?: bigint;
  /** Exact price per gas to pay, so that nothing of the fee comes back; undefined: what the chain asks. */
  readonly exactGasPrice?: bigint;
}

/** A transaction that was handed to its chain. */
export interface Submission {
  readonly hash: TxHash;
  readonly gasEstimated: bigint;
  readonly receipt: Promise<Receipt>;
}

/** Raised where a transaction could not be submitted: it will not happen, and its nonce is free again. */
export class NotSubmitted extends Error {
  readonly failure: RpcFailure;

  constructor(failure: RpcFailure, reason: string, options?: ErrorOptions) {
    super(reason, options);
    this.failure = failure;
  }
}

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

/** Signs, registers, and only then sends. */
export class Submitter {
  readonly #chains: PerChain<SubmitterChain>;
  readonly #nonces: Nonces;
  readonly #filling = new Set<string>();

  constructor(chains: PerChain<SubmitterChain>, nonces: Nonces) {
    this.#chains = chains;
    this.#nonces = nonces;
  }

  /** Most wei that a transaction with this much gas can cost in fees, the L1 data fee left out. */
  feeBound(chain: Chain, gas: bigint): bigint {
    return this.#gasLimit(chain, gas) * highestPrice(feesAt(this.#chains[chain].watcher.head));
  }

  /**
   * Submits a transaction. Where the endpoint never said whether it took it, it counts as submitted: its receipt may
   * come late, or not at all.
   *
   * @param onSigned is called when the transaction is registered with the watcher and before it is sent: the place to
   *   journal it
   * @param signal ends the repetitions where the endpoint does not answer
   * @throws {NotSubmitted} where the chain will not have it; nothing was moved then
   */
  async submit(
    account: Account,
    chain: Chain,
    plan: TransactionPlan,
    onSigned: (hash: TxHash, gasEstimated: bigint) => void = () => undefined,
    signal?: AbortSignal,
  ): Promise<Submission> {
    const { watcher } = this.#chains[chain];
    const { address } = account;
    const gasEstimated = plan.gas ?? (await this.#estimate(account, chain, plan, signal));
    const nonce = this.#nonces.take(address, chain);
    let hash: TxHash | undefined;
    try {
      const transaction = this.#sign(account, chain, plan, gasEstimated, nonce);
      hash = transaction.hash as TxHash;
      const receipt = watcher.receipt(hash);
      onSigned(hash, gasEstimated);
      await this.#send(chain, transaction.serialized, hash, signal);
      return { hash, gasEstimated, receipt };
    } catch (error) {
      watcher.forget({ hash });
      await this.#takeBack(account, chain, nonce, error);
      throw error;
    }
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
    try {
      await this.submit(account, chain, {
        to: account.address,
        data: "0x",
        value: 0n,
        gas: TRANSFER_GAS,
        movement,
      });
      return true;
    } catch (error) {
      // The account's next transaction takes the nonce instead; what is told is why the first one was refused.
      if (!(error instanceof NotSubmitted)) throw error;
      return false;
    }
  }

  #sign(account: Account, chain: Chain, plan: TransactionPlan, gas: bigint, nonce: number): Transaction {
    const { chainId, watcher } = this.#chains[chain];
    const { to, data, value } = plan;
    const gasLimit = data === "0x" ? gas : this.#gasLimit(chain, gas);
    const transaction = Transaction.from({
      ...feesAt(watcher.head, plan.exactGasPrice),
      chainId,
      nonce,
      to,
      data,
      value,
      gasLimit,
    });
    transaction.signature = account.sign(transaction.unsignedHash);
    return transaction;
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

  /** Sends the same bytes until the chain has them, or says that it never will. */
  async #send(chain: Chain, raw: string, hash: TxHash, signal: AbortSignal | undefined): Promise<void> {
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
        // After an answer that got lost, "nonce too low" may mean that this very transaction was mined: the chain knows.
        if (isUnanswered && (await this.#mayBeKnown(chain, hash, failure))) return;
        const isFinal = !isPassing(failure) || (failure === "busy" && !isUnanswered && attempt === ATTEMPTS);
        if (isFinal) throw new NotSubmitted(failure, reasonOf(error), { cause: error });
        if (signal?.aborted === true) return;
        await pause(attempt, signal, retryAfter(error));
        if (attempt < ATTEMPTS) rpc.traffic.repeated();
      }
    }
  }

  /**
   * Whether the chain has a transaction whose answer was lost. Where that cannot be learned and its nonce is used, it counts
   * as sent: a receipt that never comes is noticed, money that is not waited for is not.
   */
  async #mayBeKnown(chain: Chain, hash: TxHash, failure: RpcFailure): Promise<boolean> {
    try {
      const transaction = await this.#chains[chain].rpc.send("eth_getTransactionByHash", [hash]);
      return transaction !== null;
    } catch {
      // Whatever the endpoint answered, it is not what was asked.
      return failure === "nonce too low";
    }
  }
}

/** Longer from attempt to attempt, and as long as the endpoint wants (ms); a signal cuts it short. */
async function pause(attempt: number, signal: AbortSignal | undefined, atLeast: number): Promise<void> {
  const ms = Math.max(atLeast, FIRST_PAUSE_MS * 2 ** (attempt - 1));
  await sleep(ms, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
}
