import { setTimeout as sleep } from "node:timers/promises";
import type { CrossingOperation } from "../../protocols/operation.ts";
import type { OpLog } from "../../journal/op-log.ts";
import type { Account } from "../transactions/account.ts";
import type { Chain } from "../base/chain.ts";
import type { Child } from "./child.ts";
import type { Commitments } from "../../protocols/ovm2/commitments.ts";
import type { Connection } from "./connection.ts";
import { awaitCrossing } from "./crossing.ts";
import { reasonOf } from "../base/errors.ts";
import { JournaledOperation, type Outcome } from "./journaled-operation.ts";
import type { MessageId } from "../../protocols/ovm2/messages.ts";
import type { Receipt, TxHash } from "../rpc/receipt.ts";
import type { CrossingEnd } from "./settlement.ts";
import {
  NotSubmitted,
  type SentTransaction,
  type TransactionPlan,
} from "../transactions/sent-transaction.ts";
import { Abandoned, unlessAborted } from "../base/stop.ts";

/** What is to be performed for a child. */
export interface Task {
  readonly code: string;
  /** Who sends the transaction: the child, or the funder for its initial funding. */
  readonly account: Account;
  readonly plan: TransactionPlan;
  /** What has to be mined first: an approval. */
  readonly before?: TransactionPlan | undefined;
  /** Given where the transaction starts a crossing. */
  readonly crossing?: CrossingOperation;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
}

/** How an operation went. */
export interface Performed {
  readonly child: number;
  readonly code: string;
  /** The chain it started on. */
  readonly chain: Chain;
  readonly plan: TransactionPlan;
  readonly outcome: Outcome;
  readonly gasEstimated: bigint;
  /** Of its transaction; undefined where it was not submitted. */
  readonly hash: TxHash | undefined;
  readonly receipt: Receipt | undefined;
  /** Of the approval that came first, where one was needed. */
  readonly approval: Receipt | undefined;
  readonly crossing: CrossingEnd | undefined;
  /** Milliseconds since the start: submitted, receipt seen, finished, as far as it came. */
  readonly phases: readonly number[];
}

/**
 * A transaction that reverts although it was right may do so because a reorganisation changed what comes before it: it is
 * sent again, as often as this, and with this pause in milliseconds.
 */
const ATTEMPTS = 3;
const BEFORE_NEXT_MS = 2000;

const REVERTED: Outcome = { kind: "failed", reason: "transaction reverted" };

/** What is known of an operation while it goes on. */
interface Progress {
  gasEstimated: bigint;
  receipt: Receipt | undefined;
  approval: Receipt | undefined;
  crossing: CrossingEnd | undefined;
}

/** Performs operations, each journaled from OP_START to OP_DONE_, settled exactly once. */
export class Performer {
  readonly #connection: Connection;
  readonly #opLog: OpLog;
  readonly #commitments: Commitments;
  readonly #onDone: (performed: Performed) => void;

  /** @param onDone is told of each operation after its OP_DONE_ */
  constructor(
    connection: Connection,
    opLog: OpLog,
    commitments: Commitments,
    onDone: (performed: Performed) => void = () => undefined,
  ) {
    this.#connection = connection;
    this.#opLog = opLog;
    this.#commitments = commitments;
    this.#onDone = onDone;
  }

  /** Performs one operation of a child that has none open. It never throws for what goes wrong in the operation itself. */
  async perform(child: Child, task: Task): Promise<Performed> {
    if (child.phase.at === "busy") throw new Error(`child ${child.number} has an operation open`);
    const { clock } = this.#connection;
    const operation = new JournaledOperation(child, task.code, task.crossing?.to, this.#opLog, clock);
    const release = this.#commit(operation.open.chain, task);
    const progress: Progress = {
      gasEstimated: 0n,
      receipt: undefined,
      approval: undefined,
      crossing: undefined,
    };
    let outcome: Outcome;
    try {
      outcome = await this.#carryOut(operation, task, progress);
    } catch (error) {
      outcome = outcomeOf(error, operation);
    } finally {
      release();
    }
    return this.#finish(operation, task, outcome, progress);
  }

  /** Sets aside what the operation will take out of a pool. */
  #commit(chain: Chain, { plan: { movement }, crossing }: Task): () => void {
    if (movement.kind === "unstake") return this.#commitments.owe(chain, movement.amount);
    const isFast = crossing?.payout.contract.endsWith("LiquidityPool") === true;
    return isFast && movement.kind === "crossing"
      ? this.#commitments.owe(crossing.to, movement.amount)
      : () => undefined;
  }

  async #carryOut(operation: JournaledOperation, task: Task, progress: Progress): Promise<Outcome> {
    const { reorganisations } = this.#connection;
    if (task.before !== undefined) {
      progress.approval = await this.#approve(operation, task.before, task);
      if (!progress.approval.succeeded)
        return { kind: "failed", reason: "approval of the exit fee reverted" };
    }
    for (let attempt = 1; ; attempt++) {
      const before = reorganisations.seen.length;
      const mayAgain = (): boolean => attempt < ATTEMPTS && reorganisations.seen.length > before;
      try {
        const outcome = await this.#attempt(operation, task, progress);
        if (progress.receipt?.succeeded !== false || !mayAgain()) return outcome;
      } catch (error) {
        if (!(error instanceof NotSubmitted) || !mayAgain()) throw error;
      }
      // What a reorganisation put behind it, a payout to its account say, has come again by then.
      await unlessAborted(sleep(BEFORE_NEXT_MS), task.signal);
    }
  }

  async #attempt(operation: JournaledOperation, task: Task, progress: Progress): Promise<Outcome> {
    const { submitter, audit } = this.#connection;
    const { child, open } = operation;
    const { account, plan, crossing, signal } = task;
    const journal = {
      ...operation.fates,
      signed: (hash: TxHash, gasEstimated: bigint): void => {
        progress.gasEstimated = gasEstimated;
        operation.submitted(hash);
      },
    };
    const transaction = await submitter.submit(account, open.chain, plan, journal, signal);
    if (crossing !== undefined) audit.follow(transaction, crossing, child.number, open.startedAt);
    return this.#settle(operation, transaction, task, progress);
  }

  /** Waits for the receipt, and for a crossing's payout. */
  async #settle(
    operation: JournaledOperation,
    transaction: SentTransaction,
    { crossing, signal }: Task,
    progress: Progress,
  ): Promise<Outcome> {
    const onReceipt = (receipt: Receipt): void => {
      // What happened elsewhere on the chains changes nothing of when it was mined.
      if (receipt !== progress.receipt) operation.hasReceipt(receipt.hash);
      progress.receipt = receipt;
      operation.waitsFor("payout");
    };
    operation.waitsFor("receipt");
    if (crossing === undefined) {
      const receipt = await transaction.mined(signal);
      onReceipt(receipt);
      return receipt.succeeded ? { kind: "succeeded" } : REVERTED;
    }
    const onMessage = (id: MessageId): void => {
      operation.open.message = id;
    };
    const wait = { signal, onReceipt, onMessage };
    progress.crossing = await awaitCrossing(this.#connection, crossing, transaction, wait);
    return progress.crossing === undefined ? REVERTED : outcomeOfCrossing(operation.child, progress.crossing);
  }

  async #approve(
    operation: JournaledOperation,
    plan: TransactionPlan,
    { account, signal }: Task,
  ): Promise<Receipt> {
    const { child, open } = operation;
    const signed = (tx: TxHash): void => operation.comment("approval", { tx });
    const transaction = await this.#connection.submitter.submit(
      account,
      open.chain,
      plan,
      { ...operation.fates, signed },
      signal,
    );
    const mined = await transaction.mined(signal);
    child.exitFeeApproved = mined.succeeded;
    return mined;
  }

  #finish(
    operation: JournaledOperation,
    { code, plan }: Task,
    outcome: Outcome,
    progress: Progress,
  ): Performed {
    const { child, open } = operation;
    const { chain, hash, phases } = open;
    operation.finish(outcome, progress.receipt?.gasUsed ?? 0n, progress.gasEstimated);
    // The money of a crossing that failed is where it started.
    if (outcome.kind === "failed" && progress.crossing?.kind !== "paid") child.on = chain;
    const performed = { child: child.number, code, chain, plan, outcome, hash, ...progress, phases };
    this.#onDone(performed);
    return performed;
  }

  /** The end of a child: an operation without a transaction. */
  markDone(child: Child): void {
    const operation = new JournaledOperation(child, "DN", undefined, this.#opLog, this.#connection.clock);
    operation.submitted(undefined);
    operation.finish({ kind: "succeeded" }, 0n, 0n);
    child.phase = { at: "done" };
  }
}

function outcomeOfCrossing(child: Child, end: CrossingEnd): Outcome {
  if (end.kind === "lost") return { kind: "failed", reason: end.reason };
  if (end.to.toLowerCase() !== child.address.toLowerCase()) {
    return { kind: "failed", reason: `paid out to ${end.to}` };
  }
  return end.kind === "paid" ? { kind: "succeeded" } : { kind: "failed", reason: "settled back" };
}

function outcomeOf(error: unknown, { open }: JournaledOperation): Outcome {
  if (error instanceof Abandoned) return { kind: "abandoned", waitingFor: open.waitingFor };
  if (error instanceof NotSubmitted) {
    return { kind: "failed", reason: `not submitted, ${error.failure}: ${reasonOf(error)}` };
  }
  // Whatever else went wrong: the operation still ends with an OP_DONE_, and the child is free for its refund.
  return { kind: "failed", reason: `error: ${reasonOf(error)}` };
}
