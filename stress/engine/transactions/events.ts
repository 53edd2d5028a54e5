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

/** A node has no room for a transaction beside the others that it has of the account, or of anybody: it is sent again. */
export interface Crowded {
  readonly kind: "crowded";
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

/** What became of a preconfirmation: only what is in the block it named, with the status it named, was kept. */
export type BecameOfPreconfirmation =
  | { readonly is: "kept" }
  | { readonly is: "another block"; readonly block: number }
  | { readonly is: "another status"; readonly succeeded: boolean }
  /** It was in no block as far as the run saw, or another version of the transaction was. */
  | { readonly is: "gone" };

/** A node had answered a transaction's receipt before there was its block, and it is known what became of that. */
export interface Preconfirmation {
  readonly kind: "preconfirmation";
  readonly transaction: SentTransaction;
  readonly hash: TxHash;
  /** The block that it named. */
  readonly block: number;
  /** When it was first seen. Unix milliseconds. */
  readonly at: number;
  readonly became: BecameOfPreconfirmation;
}

/** What happens to the run's own transactions. */
export type TransactionEvent =
  | Signed
  | Doubted
  | Crowded
  | Replaced
  | Resent
  | Mined
  | TakenBack
  | Preconfirmation
  | Fault;
