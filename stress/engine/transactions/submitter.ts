import { type Chain, type Clock, type PerChain, perChain, type Publisher } from "../base/index.ts";
import { classifyRpcError, isTransient, type Receipt, type TxHash } from "../rpc/index.ts";
import type { Account } from "./account.ts";
import type { TransactionEvent } from "./events.ts";
import { Bursts } from "./bursts.ts";
import { feesAt, highestPrice } from "./fees.ts";
import { GasEstimates } from "./gas-estimates.ts";
import type { Nonces } from "./nonces.ts";
import { isTransfer, nothingTo, type TransactionPlan } from "./plan.ts";
import type { Purpose } from "./purpose.ts";
import { Sender } from "./sender.ts";
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

/** Signs, registers, tells, and only then sends. */
export class Submitter {
  readonly #chains: PerChain<SubmitterChain>;
  readonly #nonces: Nonces;
  readonly #transactions: Transactions;
  readonly #stream: Publisher<TransactionEvent>;
  readonly #filling = new Set<string>();
  readonly #transferGas: TransferGas;
  readonly #estimates: GasEstimates;
  readonly #sender: Sender;
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
    this.#estimates = new GasEstimates(chains, clock);
    this.#sender = new Sender(chains, stream, clock);
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
   * Told that a call reverted: those that are like it are estimated anew.
   *
   * @returns whether it may have been for want of gas, as it had another's estimate: then it is worth another attempt
   */
  reverted({ chain, version: { plan, gasLimit } }: SentTransaction, { gasUsed }: Receipt): boolean {
    if (plan.alike !== true) return false;
    this.#estimates.forget(chain, plan);
    // A call within it that runs out leaves a 64th to each of its callers (EIP-150).
    return gasUsed >= (gasLimit * 7n) / 8n;
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
      : await this.#estimates.of(chain, account.address, plan, signal);
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
      await this.#sender.sendUntilMined(transaction, version.raw, signal);
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
}
