import type { Chain, EndReason, StopLevel } from "./base/index.ts";
import type { ChainEvent } from "./chain/index.ts";
import type { Credited } from "./ledger/index.ts";
import type { Receipt, TxHash } from "./rpc/index.ts";
import type { TransactionEvent, TransactionPlan } from "./transactions/index.ts";
import type { Crossing, CrossingEnd } from "../protocols/operation.ts";
import type { Passed } from "../protocols/protocol.ts";

/** How an operation ended. */
export type Outcome =
  | { readonly kind: "succeeded" }
  | { readonly kind: "failed"; readonly reason: string }
  /** The run stopped waiting for it. */
  | { readonly kind: "abandoned"; readonly waitingFor: string };

/** A transaction of an operation that was mined. */
export interface PerformedStep {
  readonly chain: Chain;
  readonly plan: TransactionPlan;
  readonly receipt: Receipt;
  /** What it sent to the other chain, and what became of that. */
  readonly crossing: Crossing | undefined;
  readonly end: CrossingEnd | undefined;
}

/** How an operation went. */
export interface Performed {
  readonly child: number;
  readonly code: string;
  /** The chain it started on. */
  readonly chain: Chain;
  readonly outcome: Outcome;
  /** Of its own transaction, as are the hash and the receipt. */
  readonly gasEstimated: bigint;
  /** Undefined where it was not submitted. */
  readonly hash: TxHash | undefined;
  readonly receipt: Receipt | undefined;
  /** All of its transactions that were mined, in their order. */
  readonly steps: readonly PerformedStep[];
  /** Milliseconds since the start: submitted, receipt seen, finished, as far as it came. */
  readonly phases: readonly number[];
  /** The same of phases that only its own steps have, by name, in their order: between its receipt and its end. */
  readonly ownPhases?: readonly (readonly [name: string, since: number])[];
  /** What it sent passed on its way to the other chain, as far as the bridge tells. */
  readonly passed?: readonly Passed[];
}

/** Which operation something happened to. */
export interface OfOperation {
  /** Its number in this run. */
  readonly operation: number;
  readonly child: number;
  readonly code: string;
}

/** A child begins an operation. */
export interface OperationStarted extends OfOperation {
  readonly kind: "operation started";
  /** The chain it starts on. */
  readonly chain: Chain;
  /** Unix milliseconds. */
  readonly at: number;
}

/** An operation's own transaction is about to be sent. */
export interface OperationSubmitted extends OfOperation {
  readonly kind: "operation submitted";
  /** The chain the child is on from here on. */
  readonly chain: Chain;
  /** Milliseconds since the start. */
  readonly since: number;
  /** Undefined where the operation has no transaction. */
  readonly hash: TxHash | undefined;
  /** The transaction that it stands for: a reorganisation made it revert, and it is sent again. */
  readonly instead: TxHash | undefined;
}

/** An operation has something to be journaled before it goes on. */
export interface OperationNoted extends OfOperation {
  readonly kind: "operation noted";
  /** One word. */
  readonly name: string;
  readonly values: Readonly<Record<string, string>>;
}

/** An operation's own transaction is mined; again where it was taken back. */
export interface OperationMined extends OfOperation {
  readonly kind: "operation mined";
  readonly hash: TxHash;
  /** Milliseconds since the start. */
  readonly since: number;
}

/** What an operation sent to the other chain has arrived there. */
export interface OperationArrived extends OfOperation {
  readonly kind: "operation arrived";
  readonly chain: Chain;
  readonly hash: TxHash;
  /** Milliseconds since the start. */
  readonly since: number;
}

/** An operation is over. */
export interface OperationDone extends OfOperation {
  readonly kind: "operation done";
  /** The chain the child is on. */
  readonly chain: Chain;
  readonly performed: Performed;
}

/** An operation could not run, and another one takes its place. */
export interface OperationRefused {
  readonly kind: "operation refused";
  readonly child: number;
  readonly code: string;
  readonly instead: string;
  readonly reason: string;
}

/** The run stops, or stops harder. */
export interface Stopped {
  readonly kind: "stop";
  readonly level: StopLevel;
  readonly reason: EndReason;
}

/** One thing that a run noticed which ought not to be. */
export interface Found {
  readonly kind: "finding";
  readonly detector: string;
  readonly count: number;
  readonly what: string;
}

export type OperationEvent =
  | OperationStarted
  | OperationSubmitted
  | OperationNoted
  | OperationMined
  | OperationArrived
  | OperationDone
  | OperationRefused;

/** Everything that happens. */
export type EngineEvent = ChainEvent | Credited | TransactionEvent | OperationEvent | Stopped | Found;

/**
 * Who is told of an event before whom, whoever was made first. The journal comes first: what is not written has not happened. Then
 * transactions and books, so that whoever comes behind them finds them right; at the end those who only report.
 */
export const ORDER = [
  "journal",
  "transactions",
  "books",
  "arrivals",
  "audit",
  "reorganisations",
  "accounts",
  "resender",
  "preconfirmations",
  "bridge",
  "run",
  "figures",
  "chains",
  "statistics",
  "report",
] as const;
