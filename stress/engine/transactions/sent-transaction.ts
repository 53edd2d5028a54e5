import type { Account } from "./account.ts";
import type { Chain } from "../base/chain.ts";
import type { Fees } from "./fees.ts";
import type { Movement } from "../ledger/movement.ts";
import type { Receipt, TxHash } from "../rpc/receipt.ts";
import type { RpcFailure } from "../rpc/rpc.ts";
import { unlessAborted } from "../base/stop.ts";

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

/** The bytes of a transaction. One that is replaced with a higher fee has several versions, of which one is mined. */
export interface SignedVersion {
  readonly hash: TxHash;
  readonly raw: string;
  readonly gasLimit: bigint;
  readonly fees: Fees;
  readonly plan: TransactionPlan;
}

/** Told what becomes of a transaction, so that the journal has it. */
export interface TransactionJournal {
  /** It is registered with the watcher, and about to be sent. */
  signed(hash: TxHash, gasEstimated: bigint): void;
  /** A version with a higher fee and the same nonce is about to be sent; or it was refused, and the one before counts again. */
  replaced?(hash: TxHash, by: TxHash): void;
  /** A reorganisation took it out of the chain. */
  takenBack?(receipt: Receipt): void;
  /** It is mined, having been taken back before. */
  minedAgain?(receipt: Receipt): void;
}

/** Where a transaction is. */
export type TransactionState =
  | { readonly at: "waiting" }
  | { readonly at: "mined"; readonly receipt: Receipt }
  /** It will never be mined: its nonce was used otherwise, or no node takes it. */
  | { readonly at: "refused"; readonly failure: RpcFailure; readonly reason: string };

/** Raised where a transaction could not be submitted: it will not happen. */
export class NotSubmitted extends Error {
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
  readonly journal: TransactionJournal;
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
  readonly journal: TransactionJournal;
  /** Oldest first. */
  readonly versions: SignedVersion[];
  #state: TransactionState = { at: "waiting" };
  #changed = Promise.withResolvers<void>();
  #timesMined = 0;

  constructor({ account, chain, nonce, gasEstimated, journal }: Origin, first: SignedVersion) {
    this.account = account;
    this.chain = chain;
    this.nonce = nonce;
    this.gasEstimated = gasEstimated;
    this.journal = journal;
    this.versions = [first];
  }

  get state(): TransactionState {
    return this.#state;
  }

  /** The version that was mined, else the one sent last. */
  get version(): SignedVersion {
    const mined = this.#state.at === "mined" ? this.#state.receipt.hash : undefined;
    const found = this.versions.find(({ hash }) => hash === mined) ?? this.versions.at(-1);
    if (found === undefined) throw new Error("a transaction has at least one version");
    return found;
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
  async mined(signal: AbortSignal): Promise<Receipt> {
    for (;;) {
      const state = this.#state;
      if (state.at === "mined") return state.receipt;
      if (state.at === "refused") throw new NotSubmitted(state.failure, state.reason);
      await unlessAborted(this.#changed.promise, signal);
    }
  }

  /** To be told by the transactions' keeper alone. */
  becameMined(receipt: Receipt): void {
    this.#become({ at: "mined", receipt });
    this.#timesMined++;
    if (this.#timesMined > 1) this.journal.minedAgain?.(receipt);
  }

  wasTakenBack(): void {
    if (this.#state.at !== "mined") return;
    const { receipt } = this.#state;
    this.#become({ at: "waiting" });
    this.journal.takenBack?.(receipt);
  }

  wasRefused(failure: RpcFailure, reason: string): void {
    this.#become({ at: "refused", failure, reason });
  }

  #become(state: TransactionState): void {
    this.#state = state;
    this.#changed.resolve();
    this.#changed = Promise.withResolvers<void>();
  }
}
