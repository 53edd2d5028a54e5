import { Abandoned, type Chain, type Fault, type Publisher, reasonOf, unlessAborted } from "../base/index.ts";
import type { OperationEvent, Outcome, Performed } from "../events.ts";
import { classifyRpcError, type Receipt } from "../rpc/index.ts";
import { type Account, NotSubmitted, type SentTransaction } from "../transactions/index.ts";
import type { CrossingEnd, SendStep, Step, StepEnd, Steps, WaitStep } from "../../protocols/operation.ts";
import type { Child } from "./child.ts";
import { awaitCrossing } from "./crossing.ts";
import type { Engine } from "./engine.ts";
import { OngoingOperation, type Progress } from "./ongoing-operation.ts";

/** What is to be performed for a child. */
export interface Task {
  readonly code: string;
  /** Who sends the transactions: the child, or the funder for its initial funding. */
  readonly account: Account;
  /** The chain that it leads to; undefined: it stays. */
  readonly to?: Chain | undefined;
  readonly steps: Steps;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
}

/** What operations are performed with. */
export type PerformerParts = Pick<
  Engine,
  "clock" | "stream" | "bridge" | "watchers" | "reorganisations" | "submitter" | "audit" | "inquiries"
>;

/**
 * A transaction that reverts although it was right may do so because a reorganisation changed what comes before it: it is
 * sent again, as often as this, and with this pause in milliseconds.
 */
const ATTEMPTS = 3;
const BEFORE_NEXT_MS = 2000;

/** Between two looks at whether there is a new block, for a step that waits for what only blocks change. Milliseconds. */
const LOOK_EVERY_MS = 100;

/** What became of a step: what its operation is told, or why that one ends here. */
type Taken = { readonly end: StepEnd } | { readonly failed: Outcome };

/** Performs operations, each told from its start to its end, settled exactly once. */
export class Performer {
  readonly #parts: PerformerParts;
  readonly #stream: Publisher<OperationEvent | Fault>;
  #operations = 0;

  constructor(parts: PerformerParts) {
    this.#parts = parts;
    this.#stream = parts.stream;
  }

  /** Performs one operation of a child that has none open. It never throws for what goes wrong in the operation itself. */
  async perform(child: Child, task: Task): Promise<Performed> {
    if (child.phase.at === "busy") throw new Error(`child ${child.number} has an operation open`);
    const operation = this.#begin(child, task.code, task.to);
    const progress: Progress = { gasEstimated: 0n, receipt: undefined, steps: [] };
    let outcome: Outcome;
    try {
      operation.start();
      outcome = await this.#carryOut(operation, task, progress);
    } catch (error) {
      outcome = this.#outcomeOf(error, operation);
    }
    const performed = operation.finish(outcome, progress);
    // The money of a crossing that failed is where it started.
    const isPaid = progress.steps.some(({ end }) => end?.kind === "paid");
    if (outcome.kind === "failed" && !isPaid) child.on = operation.open.chain;
    return performed;
  }

  /** The end of a child: an operation without a transaction. */
  markDone(child: Child): void {
    const operation = this.#begin(child, "DN", undefined);
    operation.start();
    operation.submitted(undefined);
    operation.finish({ kind: "succeeded" }, { gasEstimated: 0n, receipt: undefined, steps: [] });
    child.phase = { at: "done" };
  }

  #begin(child: Child, code: string, to: Chain | undefined): OngoingOperation {
    return new OngoingOperation(this.#operations++, child, code, to, this.#stream, this.#parts.clock);
  }

  async #carryOut(operation: OngoingOperation, task: Task, progress: Progress): Promise<Outcome> {
    const { steps } = task;
    try {
      let next = await steps.next();
      while (next.done !== true) {
        const taken = await this.#take(operation, next.value, task, progress);
        if ("failed" in taken) return taken.failed;
        next = await steps.next(taken.end);
      }
      return { kind: "succeeded" };
    } finally {
      // What the operation set aside is free again, however it ended.
      await steps.return();
    }
  }

  async #take(operation: OngoingOperation, step: Step, task: Task, progress: Progress): Promise<Taken> {
    if (step.kind === "wait") return { end: await this.#wait(operation, step, task.signal) };
    const { receipt, end } = await this.#send(operation, step, task, progress);
    if (!receipt.succeeded)
      return { failed: { kind: "failed", reason: `${step.what ?? "transaction"} reverted` } };
    if (end === undefined) return { end: { kind: "mined", receipt } };
    const reason = failureOf(operation.child, end);
    if (reason !== undefined) return { failed: { kind: "failed", reason } };
    return { end: { kind: "arrived", receipt, crossing: end } };
  }

  async #wait(operation: OngoingOperation, step: WaitStep, signal: AbortSignal): Promise<StepEnd> {
    const { watchers, clock } = this.#parts;
    operation.waitsFor(step.what);
    for (let seen = -1; ; ) {
      const block = watchers[step.chain].readTo;
      // Who asks a chain may wait for its answer: a run that stops does not.
      if (block !== seen && (await unlessAborted(step.isMet(block), signal))) return { kind: "met", block };
      seen = block;
      await unlessAborted(clock.sleep(LOOK_EVERY_MS, signal), signal);
    }
  }

  /** Sends a step's transaction, once more where a reorganisation may be why it failed, and waits for its end. */
  async #send(operation: OngoingOperation, step: SendStep, task: Task, progress: Progress) {
    const { reorganisations, clock } = this.#parts;
    for (let attempt = 1; ; attempt++) {
      const before = reorganisations.count;
      const mayAgain = (): boolean => attempt < ATTEMPTS && reorganisations.count > before;
      try {
        const ended = await this.#attempt(operation, step, task, progress);
        if (ended.receipt.succeeded || !mayAgain()) {
          const { chain, plan, crossing } = step;
          progress.steps.push({ chain, plan, crossing, ...ended });
          return ended;
        }
      } catch (error) {
        if (!(error instanceof NotSubmitted) || !mayAgain()) throw error;
      }
      // What a reorganisation put behind it, a payout to its account say, has come again by then.
      await unlessAborted(clock.sleep(BEFORE_NEXT_MS, task.signal), task.signal);
    }
  }

  async #attempt(
    operation: OngoingOperation,
    step: SendStep,
    { account, signal, code }: Task,
    progress: Progress,
  ): Promise<{ receipt: Receipt; end: CrossingEnd | undefined }> {
    const { submitter, audit } = this.#parts;
    const { chain, plan, note, crossing } = step;
    const isOwn = note === undefined;
    operation.waitsFor("submission");
    const transaction = await submitter.submit(account, chain, plan, {
      purpose: operation.purpose(note),
      signal,
      onSigned: (hash, gasEstimated) => {
        if (!isOwn) return;
        progress.gasEstimated = gasEstimated;
        operation.submitted(hash);
      },
    });
    if (isOwn) operation.sent(transaction);
    const { startedAt } = operation.open;
    if (crossing !== undefined)
      audit.follow({ transaction, crossing, code, who: operation.child.number, startedAt });
    return this.#settle(operation, transaction, step, signal, progress);
  }

  /** Waits for the receipt, and for the payout of what was sent to the other chain. */
  async #settle(
    operation: OngoingOperation,
    transaction: SentTransaction,
    { note, crossing }: SendStep,
    signal: AbortSignal,
    progress: Progress,
  ): Promise<{ receipt: Receipt; end: CrossingEnd | undefined }> {
    let mined: Receipt | undefined;
    const onReceipt = (receipt: Receipt): void => {
      // What happened elsewhere on the chains changes nothing of when it was mined.
      if (receipt !== mined && note === undefined) {
        operation.hasReceipt(receipt);
        progress.receipt = receipt;
      }
      mined = receipt;
      if (crossing !== undefined) operation.waitsFor("payout");
    };
    const onWaiting = (): void => {
      if (transaction.state.at !== "mined") operation.waitsFor("receipt");
    };
    if (crossing === undefined) {
      onWaiting();
      const receipt = await transaction.mined(signal);
      onReceipt(receipt);
      return { receipt, end: undefined };
    }
    const end = await awaitCrossing(this.#parts, crossing, transaction, {
      signal,
      onWaiting,
      onReceipt,
      onMessage: ({ id }, chain) => {
        operation.open.message = id;
        operation.open.messageTo = chain;
      },
    });
    if (mined === undefined) throw new Error("a crossing ends in the receipt of its transaction at least");
    if (end !== undefined && "payout" in end) operation.arrived(end.chain, end.hash);
    return { receipt: mined, end };
  }

  #outcomeOf(error: unknown, { open }: OngoingOperation): Outcome {
    if (error instanceof Abandoned) return { kind: "abandoned", waitingFor: open.waitingFor };
    if (error instanceof NotSubmitted) {
      return { kind: "failed", reason: `not submitted, ${error.failure}: ${reasonOf(error)}` };
    }
    // A mistake of our own ends the run; the operation still has its end, and the child is free for its refund.
    if (classifyRpcError(error) === "own mistake") this.#stream.publish({ kind: "fault", error });
    return { kind: "failed", reason: `error: ${reasonOf(error)}` };
  }
}

/** Why a crossing's end is none that an operation succeeds with. */
function failureOf(child: Child, end: CrossingEnd): string | undefined {
  if (!("payout" in end)) return end.reason;
  if (end.to.toLowerCase() !== child.address.toLowerCase()) return `paid out to ${end.to}`;
  return end.kind === "paid" ? undefined : "settled back";
}
