import { setTimeout as sleep } from "node:timers/promises";
import type { CrossingOperation } from "../operations/operation.ts";
import { type OpLog, childField } from "../report/op-log.ts";
import type { Account } from "./account.ts";
import type { Chain } from "./chain.ts";
import type { Child, OpenOperation } from "./child.ts";
import type { Commitments } from "./commitments.ts";
import type { Connection } from "./connection.ts";
import { reasonOf } from "./errors.ts";
import type { Receipt, TxHash } from "./receipt.ts";
import { type CrossingEnd, followCrossing } from "./settlement.ts";
import { Abandoned, unlessAborted } from "./stop.ts";
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
  readonly outcome:
    | { readonly kind: "succeeded" }
    | { readonly kind: "failed"; readonly reason: string }
    /** The run stopped waiting for it. */
    | { readonly kind: "abandoned"; readonly waitingFor: string };
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
  readonly #connection: Connection;
  readonly #opLog: OpLog;
  readonly #commitments: Commitments;
  readonly #onDone: (performed: Performed) => void;
  readonly #pending = new Set<Promise<Receipt>>();

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

  /** Performs one operation of a child that has none open. */
  async perform(child: Child, task: Task): Promise<Performed> {
    if (child.phase.at === "busy") throw new Error(`child ${child.number} has an operation open`);
    const open = this.#start(child, task);
    const release = this.#commit(open.chain, task);
    const progress: Progress = {
      gasEstimated: 0n,
      receipt: undefined,
      approval: undefined,
      crossing: undefined,
    };
    let outcome: Performed["outcome"];
    try {
      outcome = await this.#carryOut(child, open, task, progress);
    } catch (error) {
      outcome = this.#outcomeOf(error, open);
    } finally {
      release();
    }
    return this.#finish(child, open, task, outcome, progress);
  }

  #start(child: Child, { code, crossing }: Task): OpenOperation {
    const now = this.#connection.clock.now();
    const open: OpenOperation = {
      code,
      chain: child.on,
      to: crossing?.to ?? child.on,
      startedAt: now,
      phases: [],
      waitingFor: "submission",
      hash: undefined,
      message: undefined,
    };
    child.phase = { at: "busy", open };
    this.#opLog.start(child.number, code, child.on, now);
    return open;
  }

  /** Sets aside what the operation will take out of a pool. */
  #commit(chain: Chain, { plan: { movement }, crossing }: Task): () => void {
    if (movement.kind === "unstake") return this.#commitments.owe(chain, movement.amount);
    const fromPool =
      crossing?.payout.contract.endsWith("LiquidityPool") === true && movement.kind === "crossing";
    return fromPool ? this.#commitments.owe(crossing.to, movement.amount) : () => undefined;
  }

  async #carryOut(
    child: Child,
    open: OpenOperation,
    task: Task,
    progress: Progress,
  ): Promise<Performed["outcome"]> {
    const { submitter, ledger } = this.#connection;
    const { account, plan, crossing, signal, code, before } = task;
    if (before !== undefined) {
      progress.approval = await this.#approve(child, open, before, task);
      if (!progress.approval.succeeded)
        return { kind: "failed", reason: "approval of the exit fee reverted" };
    }
    const submission = await submitter.submit(
      account,
      open.chain,
      plan,
      (hash, gasEstimated) => {
        progress.gasEstimated = gasEstimated;
        // A child is on the other chain as soon as it submits a crossing.
        if (crossing !== undefined) child.on = crossing.to;
        open.hash = hash;
        this.#reach(open);
        this.#opLog.watch(child.number, code, child.on, open.phases[0] ?? 0, hash);
      },
      signal,
    );
    open.waitingFor = "receipt";
    const receipt = await this.#mined(submission.receipt, signal);
    progress.receipt = receipt;
    this.#reach(open);
    ledger.book(account.address, open.chain, receipt, plan.movement);
    if (!receipt.succeeded) return { kind: "failed", reason: "transaction reverted" };
    if (crossing === undefined) return { kind: "succeeded" };
    open.waitingFor = "payout";
    progress.crossing = await this.#follow(open, crossing, receipt, signal);
    return this.#settle(child, progress.crossing);
  }

  /** Waits for a receipt; one that is given up is remembered, because its transaction may still be mined. */
  async #mined(receipt: Promise<Receipt>, signal: AbortSignal): Promise<Receipt> {
    this.#pending.add(receipt);
    const mined = await unlessAborted(receipt, signal);
    this.#pending.delete(receipt);
    return mined;
  }

  /** Waits until no transaction of an operation given up is pending any more, as far as that takes no longer than this. */
  async pendingMined(patienceMs: number): Promise<void> {
    await Promise.race([Promise.all(this.#pending), sleep(patienceMs, undefined, { ref: false })]);
  }

  async #approve(
    child: Child,
    open: OpenOperation,
    plan: TransactionPlan,
    { account, signal, code }: Task,
  ): Promise<Receipt> {
    const { submitter, ledger } = this.#connection;
    const { receipt } = await submitter.submit(account, open.chain, plan, (tx) =>
      this.#opLog.comment({ approval: code, child: childField(child.number), tx }),
    );
    const mined = await this.#mined(receipt, signal);
    ledger.book(account.address, open.chain, mined, plan.movement);
    child.exitFeeApproved = mined.succeeded;
    return mined;
  }

  #follow(open: OpenOperation, crossing: CrossingOperation, receipt: Receipt, signal: AbortSignal) {
    const { contracts, watchers } = this.#connection;
    return followCrossing(crossing, receipt, {
      contracts,
      watchers,
      signal,
      onMessage: (id) => {
        open.message = id;
      },
    });
  }

  #settle(child: Child, end: CrossingEnd): Performed["outcome"] {
    if (end.kind === "lost") return { kind: "failed", reason: end.reason };
    const { ledger } = this.#connection;
    ledger.credit(end.to, end.chain, end.amount);
    if (end.to.toLowerCase() !== child.address.toLowerCase()) {
      return { kind: "failed", reason: `paid out to ${end.to}` };
    }
    return end.kind === "paid" ? { kind: "succeeded" } : { kind: "failed", reason: "settled back" };
  }

  #outcomeOf(error: unknown, open: OpenOperation): Performed["outcome"] {
    if (error instanceof Abandoned) return { kind: "abandoned", waitingFor: open.waitingFor };
    if (error instanceof NotSubmitted) {
      return { kind: "failed", reason: `not submitted, ${error.failure}: ${reasonOf(error)}` };
    }
    // Whatever else went wrong: the operation still ends with an OP_DONE_, and the child is free for its refund.
    return { kind: "failed", reason: `error: ${reasonOf(error)}` };
  }

  #reach(open: OpenOperation): void {
    open.phases.push(this.#connection.clock.now() - open.startedAt);
  }

  #finish(
    child: Child,
    open: OpenOperation,
    task: Task,
    outcome: Performed["outcome"],
    progress: Progress,
  ): Performed {
    // An operation that was given up has the phases it reached, and no end.
    if (open.phases.length > 1 && outcome.kind !== "abandoned") this.#reach(open);
    const succeeded = outcome.kind === "succeeded";
    this.#explain(child, open, outcome);
    const { code, plan } = task;
    const { phases } = open;
    const gasUsed = progress.receipt?.gasUsed ?? 0n;
    const { gasEstimated } = progress;
    this.#opLog.done({
      child: child.number,
      code,
      chain: child.on,
      succeeded,
      gasUsed,
      gasEstimated,
      phases,
    });
    // The money of a crossing that failed is where it started.
    if (!succeeded && outcome.kind === "failed" && progress.crossing?.kind !== "paid") child.on = open.chain;
    child.phase = { at: "ready" };
    const performed = {
      child: child.number,
      code,
      chain: open.chain,
      plan,
      outcome,
      hash: open.hash,
      ...progress,
      phases,
    };
    this.#onDone(performed);
    return performed;
  }

  #explain(child: Child, open: OpenOperation, outcome: Performed["outcome"]): void {
    if (outcome.kind === "succeeded") return;
    const why =
      outcome.kind === "failed" ? { reason: outcome.reason } : { "waiting-for": outcome.waitingFor };
    const transaction = open.hash === undefined ? {} : { tx: open.hash };
    this.#opLog.comment({
      [outcome.kind]: open.code,
      child: childField(child.number),
      ...why,
      ...transaction,
    });
  }

  /** The end of a child: an operation without a transaction. */
  markDone(child: Child): void {
    const { clock } = this.#connection;
    const startedAt = clock.now();
    this.#opLog.start(child.number, "DN", child.on, startedAt);
    const watched = clock.now() - startedAt;
    this.#opLog.watch(child.number, "DN", child.on, watched, undefined);
    const phases = [watched, clock.now() - startedAt];
    const gas = { gasUsed: 0n, gasEstimated: 0n };
    this.#opLog.done({ child: child.number, code: "DN", chain: child.on, succeeded: true, ...gas, phases });
    child.phase = { at: "done" };
  }
}
