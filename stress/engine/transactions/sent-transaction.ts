import { type Chain, unlessAborted } from "../base/index.ts";
import type { Receipt, RpcFailure, TxHash } from "../rpc/index.ts";
import type { Account } from "./account.ts";
import type { Fees } from "./fees.ts";
import type { TransactionPlan } from "./plan.ts";
import type { Purpose } from "./purpose.ts";

/** The bytes of a transaction. One that is replaced with a higher fee has several versions, of which one is mined. */
export interface SignedVersion {
  readonly hash: TxHash;
  /** What nodes are sent; undefined once the transaction is mined: should they be needed again, they are signed again (`rawOf`). */
  raw: string | undefined;
  readonly gasLimit: bigint;
  readonly fees: Fees;
  readonly plan: TransactionPlan;
}

/** Where a transaction is. */
export type TransactionState =
  | { readonly at: "waiting" }
  | { readonly at: "mined"; readonly receipt: Receipt }
  /** It will never be mined: its nonce was used otherwise, or no node takes it. */
  | { readonly at: "refused"; readonly failure: RpcFailure; readonly reason: string };

type Refused = Extract<TransactionState, { readonly at: "refused" }>;

const WAITING: TransactionState = { at: "waiting" };

/** Raised where a transaction could not be submitted: it will not happen. */
export class NotSubmitted extends Error {
  override readonly name = "NotSubmitted";
  readonly failure: RpcFailure;

  constructor(failure: RpcFailure, reason: string, options?: ErrorOptions) {
    super(reason, options);
    this.failure = failure;
  }
}

/** What a transaction is made with. */
interface Origin {
  readonly account: Account;
  readonly chain: Chain;
  readonly nonce: number;
  readonly gasEstimated: bigint;
  readonly purpose: Purpose;
}

/**
 * One transaction of the run's own: one nonce, from its signing until it is buried. A reorganisation may take it back, and
 * then it waits again.
 */
export class SentTransaction {
  readonly account: Account;
  readonly chain: Chain;
  readonly nonce: number;
  readonly gasEstimated: bigint;
  readonly purpose: Purpose;
  /** Oldest first, after those that a node refused. */
  readonly versions: SignedVersion[];
  #receipt: Receipt | undefined;
  #refusal: Refused | undefined;
  /** Told to who waits for another state; undefined where nobody does: most that are mined are kept for long. */
  #changed: PromiseWithResolvers<void> | undefined;
  #wasMined = false;

  constructor({ account, chain, nonce, gasEstimated, purpose }: Origin, first: SignedVersion) {
    this.account = account;
    this.chain = chain;
    this.nonce = nonce;
    this.gasEstimated = gasEstimated;
    this.purpose = purpose;
    this.versions = [first];
  }

  get state(): TransactionState {
    if (this.#receipt !== undefined) return { at: "mined", receipt: this.#receipt };
    return this.#refusal ?? WAITING;
  }

  /** The version that was mined, else the one sent last. */
  get version(): SignedVersion {
    const mined = this.#receipt?.hash;
    const found = this.versions.find(({ hash }) => hash === mined) ?? this.versions.at(-1);
    if (found === undefined) throw new Error("a transaction has at least one version");
    return found;
  }

  /** Takes up a version that is to be sent. One that was refused may be tried again: it is there once. */
  add(version: SignedVersion): void {
    const known = this.versions.findIndex(({ hash }) => hash === version.hash);
    if (known >= 0) this.versions.splice(known, 1);
    this.versions.push(version);
  }

  get hash(): TxHash {
    return this.version.hash;
  }

  /**
   * Waits until it is mined.
   *
   * @throws {NotSubmitted} where it never will be
   * @throws {Abandoned} where the signal came first
   */
  mined(signal: AbortSignal): Promise<Receipt> {
    return this.#receipt === undefined
      ? unlessAborted(this.#settled(), signal)
      : Promise.resolve(this.#receipt);
  }

  /** Without a frame of its own: thousands wait like this at once. */
  #settled(): Promise<Receipt> {
    const { state } = this;
    if (state.at === "mined") return Promise.resolve(state.receipt);
    if (state.at === "refused") return Promise.reject(new NotSubmitted(state.failure, state.reason));
    return this.changes().then(() => this.#settled());
  }

  /** Until it is in another state. */
  changes(): Promise<void> {
    this.#changed ??= Promise.withResolvers<void>();
    return this.#changed.promise;
  }

  /**
   * To be told by the transactions' keeper alone.
   *
   * @returns whether it was mined before
   */
  becameMined(receipt: Receipt): boolean {
    this.#become(receipt, undefined);
    // Tens of thousands that are mined and not buried are kept, and will not be sent again, but for a reorganisation.
    for (const version of this.versions) version.raw = undefined;
    const before = this.#wasMined;
    this.#wasMined = true;
    return before;
  }

  /** Likewise. Returns the receipt that does not count any more; undefined where it was not mined. */
  wasTakenBack(): Receipt | undefined {
    const receipt = this.#receipt;
    if (receipt !== undefined) this.#become(undefined, undefined);
    return receipt;
  }

  wasRefused(failure: RpcFailure, reason: string): void {
    this.#become(undefined, { at: "refused", failure, reason });
  }

  #become(receipt: Receipt | undefined, refusal: Refused | undefined): void {
    this.#receipt = receipt;
    this.#refusal = refusal;
    this.#changed?.resolve();
    this.#changed = undefined;
  }
}
