export { keepNonces } from "./arrived-nonces.ts";
export { Account } from "./account.ts";
export { keepBooks } from "./bookkeeper.ts";
export type {
  BecameOfPreconfirmation,
  Mined,
  Preconfirmation,
  Replaced,
  Resent,
  Signed,
  TakenBack,
  TransactionEvent,
} from "./events.ts";
export { Nonces } from "./nonces.ts";
export {
  movesOf,
  nothingTo,
  paymentMoves,
  type TransactionPlan,
  transfer,
} from "./plan.ts";
export { Preconfirmations } from "./preconfirmations.ts";
export type { Purpose, StepNote } from "./purpose.ts";
export { Resender } from "./resender.ts";
export { NotSubmitted, type SentTransaction } from "./sent-transaction.ts";

export { type Submission, Submitter } from "./submitter.ts";
export type { SubmitterChain } from "./submitter-chain.ts";
export { Transactions } from "./transactions.ts";
