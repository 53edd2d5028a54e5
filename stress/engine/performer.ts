import type { CrossingOperation } from "../operations/operation.ts";
import type { OpLog } from "../report/op-log.ts";
import type { Account } from "./account.ts";
import type { Chain } from "./chain.ts";
import type { Child } from "./child.ts";
import type { Commitments } from "./commitments.ts";
import type { Connection } from "./connection.ts";
import { reasonOf } from "./errors.ts";
import { JournaledOperation, type Outcome } from "./journaled-operation.ts";
import type { MessageId } from "./messages.ts";
import { PendingReceipts } from "./pending.ts";
import type { Receipt, TxHash } from "./receipt.ts";
import { type CrossingEnd, followCrossing } from "./settlement.ts";
import { Abandoned } from "./stop.ts";
import { NotSubmitted, type TransactionPlan } from "./submitter.ts";

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

/** What is known of an operation while it goes on. */
interface Progress {
  gasEstimated: bigint;
  receipt: Receipt | undefined;
  approval: Receipt | undefined;
  crossing: CrossingEnd | undefined;
}

/** Performs operations, each journaled from OP_START to OP_DONE_ and booked in the ledger, settled exactly once. */
export class Performer {
  /** Receipts of the operations' transactions. */
  readonly receipts = new PendingReceipts();
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
    const { submitter, ledger } = this.#connection;
    const { open } = operation;
    const { account, plan, crossing, signal, before } = task;
    if (before !== undefined) {
      progress.approval = await this.#approve(operation, before, task);
      if (!progress.approval.succeeded)
        return { kind: "failed", reason: "approval of the exit fee reverted" };
    }
    const onSigned = (hash: TxHash, gasEstimated: bigint): void => {
      progress.gasEstimated = gasEstimated;
      operation.submitted(hash);
    };
    const submission = await submitter.submit(account, open.chain, plan, onSigned, signal);
    open.waitingFor = "receipt";
    const receipt = await this.receipts.mined(submission.receipt, signal);
    progress.receipt = receipt;
    operation.reach();
    ledger.book(account.address, open.chain, receipt, plan.movement);
    if (!receipt.succeeded) return { kind: "failed", reason: "transaction reverted" };
    if (crossing === undefined) return { kind: "succeeded" };
    open.waitingFor = "payout";
    progress.crossing = await this.#follow(operation, crossing, receipt, signal);
    return this.#settle(operation.child, progress.crossing);
  }

  async #approve(
    operation: JournaledOperation,
    plan: TransactionPlan,
    { account, signal }: Task,
  ): Promise<Receipt> {
    const { submitter, ledger } = this.#connection;
    const { child, open } = operation;
    const onSigned = (tx: TxHash): void => operation.comment("approval", { tx });
    const { receipt } = await submitter.submit(account, open.chain, plan, onSigned, signal);
    const mined = await this.receipts.mined(receipt, signal);
    ledger.book(account.address, open.chain, mined, plan.movement);
    child.exitFeeApproved = mined.succeeded;
    return mined;
  }

  #follow({ open }: JournaledOperation, crossing: CrossingOperation, receipt: Receipt, signal: AbortSignal) {
    const { contracts, watchers } = this.#connection;
    const onMessage = (id: MessageId): void => {
      open.message = id;
    };
    return followCrossing(crossing, receipt, { contracts, watchers, signal, onMessage });
  }

  #settle(child: Child, end: CrossingEnd): Outcome {
    if (end.kind === "lost") return { kind: "failed", reason: end.reason };
    this.#connection.ledger.credit(end.to, end.chain, end.amount);
    if (end.to.toLowerCase() !== child.address.toLowerCase()) {
      return { kind: "failed", reason: `paid out to ${end.to}` };
    }
    return end.kind === "paid" ? { kind: "succeeded" } : { kind: "failed", reason: "settled back" };
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

function outcomeOf(error: unknown, { open }: JournaledOperation): Outcome {
  if (error instanceof Abandoned) return { kind: "abandoned", waitingFor: open.waitingFor };
  if (error instanceof NotSubmitted) {
    return { kind: "failed", reason: `not submitted, ${error.failure}: ${reasonOf(error)}` };
  }
  // Whatever else went wrong: the operation still ends with an OP_DONE_, and the child is free for its refund.
  return { kind: "failed", reason: `error: ${reasonOf(error)}` };
}
