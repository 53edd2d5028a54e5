import type { Fault } from "../base/index.ts";
import type { Receipt, TxHash } from "../rpc/index.ts";
import type { SentTransaction } from "./sent-transaction.ts";

/** A transaction is signed and watched for, and about to be sent. */
export interface Signed {
  readonly kind: "signed";
  readonly transaction: SentTransaction;
}

/** A transaction was sent, and no node said that it has it: it may be mined all the same. */
export interface Doubted {
  readonly kind: "doubted";
  readonly transaction: SentTransaction;
}

/** A version with a higher fee and the same nonce is about to be sent; or it was refused, and the one before counts again. */
export interface Replaced {
  readonly kind: "replaced";
  readonly transaction: SentTransaction;
  readonly hash: TxHash;
  readonly by: TxHash;
}

/** A node took a transaction that was sent before. */
export interface Resent {
  readonly kind: "resent";
  readonly transaction: SentTransaction;
  readonly how: "rebroadcast" | "replaced";
}

/** A transaction is mined. */
export interface Mined {
  readonly kind: "mined";
  readonly transaction: SentTransaction;
  readonly receipt: Receipt;
  /** Whether it was mined before, and taken back. */
  readonly again: boolean;
}

/** A reorganisation took a mined transaction out of the chain. */
export interface TakenBack {
  readonly kind: "taken back";
  readonly transaction: SentTransaction;
  readonly receipt: Receipt;
}

/** What happens to the run's own transactions. */
export type TransactionEvent = Signed | Doubted | Replaced | Resent | Mined | TakenBack | Fault;
