import { type Chain, type Clock, type PerChain, perChain, type Publisher, reasonOf } from "../base/index.ts";
import { classifyRpcError, isTransient, retryAfter, type RpcFailure, type TxHash } from "../rpc/index.ts";
import type { Account } from "./account.ts";
import type { TransactionEvent } from "./events.ts";
import { Bursts } from "./bursts.ts";
import { estimateGas } from "./estimate-gas.ts";
import { feesAt, highestPrice } from "./fees.ts";
import type { Nonces } from "./nonces.ts";
import { isTransfer, nothingTo, type TransactionPlan } from "./plan.ts";
import type { Purpose } from "./purpose.ts";
import { type Impossible, whyImpossible } from "./impossible.ts";
import { NotSubmitted, SentTransaction } from "./sent-transaction.ts";
import { signVersion } from "./signing.ts";
import type { SubmitterChain } from "./submitter-chain.ts";
import type { Transactions } from "./transactions.ts";
import { TransferGas } from "./transfer-gas.ts";

/** How a transaction is submitted. */
export interface Submission {
  readonly purpose: Purpose;
  /** Called when it is watched for, and before it is sent or told to anybody. */
  readonly onSigned?: (hash: TxHash, gasEstimated: bigint) => void;
  /** Ends the repetitions where the endpoint does not answer. */
  readonly signal?: AbortSignal;
}

/**
 * Added to the gas limit of every call to a contract: its state may change between estimate and block (a contract's
 * accounting, say), and gas not used is not paid for.
 */
const CALL_MARGIN = 50_000n;

/** Most gas that chains take of one transaction (EIP-7825, and L2s that follow it). */
const MOST_GAS = 16_777_216n;

/** Attempts to learn whether a chain took a transaction. */
const SEND_ATTEMPTS = 6;

/** The pause before the first repetition; it doubles. Milliseconds. */
const FIRST_PAUSE_MS = 200;

/** Signs, registers, tells, and only then sends. */
export class Submitter {
  readonly #chains: PerChain<SubmitterChain>;
  readonly #nonces: Nonces;
  readonly #transactions: Transactions;
  readonly #stream: Publisher<TransactionEvent>;
  readonly #clock: Clock;
  readonly #filling = new Set<string>();
  readonly #transferGas: TransferGas;
  readonly #bursts: Bursts;

  constructor(
    chains: PerChain<SubmitterChain>,
    nonces: Nonces,
    transactions: Transactions,
    stream: Publisher<TransactionEvent>,
    clock: Clock,
  ) {
    this.#chains = chains;
    this.#transferGas = new TransferGas(perChain((chain) => chains[chain].node));
    this.#nonces = nonces;
    this.#transactions = transactions;
    this.#stream = stream;
    this.#clock = clock;
    this.#bursts = new Bursts(clock);
  }

  /** Most wei that a transaction with this much gas can cost in fees for it, what is charged for its data left out. */
  feeBound(chain: Chain, gas: bigint): bigint {
    const { watcher, feeOnGas } = this.#chains[chain];
    const least = this.#transferGas.most(chain);
    const limit = this.#gasLimit(chain, gas > least ? gas : least);
    return limit * highestPrice(feesAt(watcher.head)) + feeOnGas(limit);
  }

  /** Gas of a plain transfer, as it is set: what it takes, and no more. */
  transferGas(chain: Chain, from: string, to: string): Promise<bigint> {
    return this.#transferGas.of(chain, from, to);
  }

  /** A transfer to an account failed: what it takes is asked for anew. */
  forgetTransferGas(chain: Chain, to: string): void {
    this.#transferGas.forget(chain, to);
  }

  /**
   * Submits a transaction. Where the endpoint never said that it took it, or refused what the chain may have all the same, it
   * counts as submitted: what became of it is settled by looking (`Resender`).
   *
   * @throws {NotSubmitted} where the chain's own state says that it cannot be mined; nothing was moved then
   */
  async submit(
    account: Account,
    chain: Chain,
    plan: TransactionPlan,
    { purpose, onSigned, signal }: Submission,
  ): Promise<SentTransaction> {
    const { chainId, watcher } = this.#chains[chain];
    const gasEstimated = isTransfer(plan)
      ? await this.transferGas(chain, account.address, plan.to)
      : (plan.gas ?? (await estimateGas(this.#chains[chain], this.#clock, account.address, plan, signal)));
    await this.#bursts.turn();
    const nonce = this.#nonces.take(account.address, chain);
    let transaction: SentTransaction | undefined;
    try {
      const atMost = gasEstimated * (plan.mayTakeTimes ?? 1n);
      const gasLimit = isTransfer(plan) ? gasEstimated : this.#gasLimit(chain, atMost);
      const fees = feesAt(watcher.head, plan.exactGasPrice);
      const version = signVersion(account, plan, { chainId, nonce, gasLimit, fees });
      transaction = new SentTransaction({ account, chain, nonce, gasEstimated, purpose }, version);
      this.#transactions.register(transaction, version);
      onSigned?.(version.hash, gasEstimated);
      this.#stream.publish({ kind: "signed", transaction });
      await this.#stream.kept();
      await this.#sendUntilMined(transaction, version.raw, signal);
      return transaction;
    } catch (error) {
      if (transaction !== undefined && error instanceof NotSubmitted) await this.giveUp(transaction, error);
      else {
        if (transaction !== undefined) this.#transactions.drop(transaction);
        await this.#releaseNonce(account, chain, nonce, error);
      }
      throw error;
    }
  }

  /**
   * Gives up a transaction that no node takes any more: its nonce is filled, so that nothing after it gets stuck. Should it be
   * mined all the same, it is booked.
   */
  async giveUp(transaction: SentTransaction, refusal: NotSubmitted): Promise<void> {
    this.#transactions.giveUp(transaction);
    transaction.wasRefused(refusal.failure, refusal.message);
    await this.#releaseNonce(transaction.account, transaction.chain, transaction.nonce, refusal);
  }

  /** Makes the nonce of a transaction that will not happen free again, so that nothing after it gets stuck. */
  async #releaseNonce(account: Account, chain: Chain, nonce: number, error: unknown): Promise<void> {
    const { address } = account;
    if (error instanceof NotSubmitted && error.failure === "nonce too low") {
      // Somebody else used the account: the chain knows how far it is.
      await this.#readNonce(address, chain);
      return;
    }
    this.#nonces.release(address, chain, nonce);
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
      this.#nonces.open(address, chain, await this.#chains[chain].node.nextNonce(address));
    } catch (error) {
      // What the user is told is the refusal that led here; the next refusal asks again.
      if (!isTransient(classifyRpcError(error))) throw error;
    }
  }

  /** Transactions with later nonces are under way and would wait for the one released: an empty one takes its place. */
  async #fillGap(account: Account, chain: Chain): Promise<boolean> {
    try {
      await this.submit(account, chain, nothingTo(account.address), { purpose: { kind: "filler" } });
      return true;
    } catch (error) {
      // The account's next transaction takes the nonce instead; what is told is why the first one was refused.
      if (!(error instanceof NotSubmitted)) throw error;
      return false;
    }
  }

  #gasLimit(chain: Chain, gas: bigint): bigint {
    const multiplied = (gas * BigInt(Math.round(this.#chains[chain].gasMultiplier * 1000))) / 1000n;
    const limit = multiplied + CALL_MARGIN;
    // What takes nearly all that is allowed has less room; what takes more is for the chain to refuse.
    return limit > MOST_GAS && gas <= MOST_GAS ? MOST_GAS : limit;
  }

  /** As {@link #send}, and no longer than until it is mined: a block may tell before the node has answered, with a hundred others. */
  async #sendUntilMined(
    transaction: SentTransaction,
    raw: string,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const sending = this.#send(transaction, raw, signal);
    await Promise.race([sending, transaction.changes()]);
    if (transaction.state.at === "waiting") return;
    sending.catch((error: unknown) => {
      if (classifyRpcError(error) === "own mistake") this.#stream.publish({ kind: "fault", error });
    });
  }

  /**
   * Sends the same bytes until a node has them. What a node refuses may have been mined, or be on its way by another node: it
   * is in doubt, and looked for from now on.
   */
  async #send(transaction: SentTransaction, raw: string, signal: AbortSignal | undefined): Promise<void> {
    const { chain } = transaction;
    const { node } = this.#chains[chain];
    for (let attempt = 1; attempt <= SEND_ATTEMPTS; attempt++) {
      try {
        await node.sendRaw(raw);
        return;
      } catch (error) {
        const failure = classifyRpcError(error);
        if (failure === "own mistake") throw error;
        if (transaction.state.at === "mined") return;
        if (failure === "already known" || (await this.#isKnown(chain, transaction.hash))) return;
        if (failure === "no room") this.#stream.publish({ kind: "crowded", transaction });
        if (!isTransient(failure)) {
          await this.#weigh(transaction, failure, error);
          break;
        }
        if (attempt === SEND_ATTEMPTS || signal?.aborted === true) break;
        await this.#pause(attempt, signal, retryAfter(error));
        node.traffic.repeated();
      }
    }
    this.#stream.publish({ kind: "doubted", transaction });
  }

  /** @throws {NotSubmitted} where the chain's state says the same as the node that refused it */
  async #weigh(transaction: SentTransaction, failure: RpcFailure, refusal: unknown): Promise<void> {
    const { chain } = transaction;
    let why: Impossible | undefined;
    try {
      why = await whyImpossible(this.#chains[chain], transaction);
    } catch (error) {
      if (classifyRpcError(error) === "own mistake") throw error;
      // What cannot be asked now is asked when it is looked for.
    }
    if (why === undefined) return;
    // Whatever words the node had: a nonce that is used is not to be taken again.
    const known = why === "nonce used" ? "nonce too low" : failure;
    throw new NotSubmitted(known, reasonOf(refusal), { cause: refusal });
  }

  /** Whether the chain has a transaction that no node said it took. */
  async #isKnown(chain: Chain, hash: TxHash): Promise<boolean> {
    try {
      return await this.#chains[chain].node.isKnown(hash);
    } catch (error) {
      if (classifyRpcError(error) === "own mistake") throw error;
      // Whatever the endpoint answered, it is not what was asked: the bytes are sent once more.
      return false;
    }
  }

  /** Longer from attempt to attempt, and as long as the endpoint wants (ms); a signal cuts it short. */
  #pause(attempt: number, signal: AbortSignal | undefined, atLeast: number): Promise<void> {
    return this.#clock.sleep(Math.max(atLeast, FIRST_PAUSE_MS * 2 ** (attempt - 1)), signal);
  }
}
