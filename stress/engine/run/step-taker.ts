import { unlessAborted } from "../base/index.ts";
import type { Outcome } from "../events.ts";
import type { Receipt } from "../rpc/index.ts";
import { NotSubmitted, type SentTransaction } from "../transactions/index.ts";
import type {
  Crossing,
  CrossingEnd,
  SendStep,
  Step,
  StepEnd,
  Steps,
  WaitStep,
} from "../../protocols/operation.ts";
import type { Child } from "./child.ts";
import { type StepParts, StepSender, type Walk } from "./step-sender.ts";

/** Between two looks at whether there is a new block, for a step that waits for what only blocks change. Milliseconds. */
const LOOK_EVERY_MS = 100;

/** What became of a step: what its operation is told, or why that one ends here. */
type Taken = { readonly end: StepEnd } | { readonly failed: Outcome };

/** A crossing whose payout a later step waits for. */
interface OpenCrossing {
  readonly transaction: SentTransaction;
  readonly crossing: Crossing;
  /** Its place among the operation's steps. */
  readonly at: number;
}

/** Takes one operation's steps, one after the other. */
export class StepTaker {
  readonly #parts: StepParts;
  readonly #walk: Walk;
  readonly #sender: StepSender;
  #open: OpenCrossing | undefined;

  constructor(parts: StepParts, walk: Walk) {
    this.#parts = parts;
    this.#walk = walk;
    this.#sender = new StepSender(parts, walk);
  }

  /** Takes them all. @throws {Abandoned} where the signal came first, and whatever keeps a transaction from being sent */
  async all(steps: Steps): Promise<Outcome> {
    try {
      let next = await steps.next();
      while (next.done !== true) {
        const taken = await this.#take(next.value);
        if ("failed" in taken) return taken.failed;
        next = await steps.next(taken.end);
      }
      return { kind: "succeeded" };
    } finally {
      // What the operation set aside is free again, however it ended.
      await steps.return();
    }
  }

  #take(step: Step): Promise<Taken> {
    switch (step.kind) {
      case "wait":
        return this.#wait(step);
      case "arrival":
        return this.#arrival();
      case "send":
        return step.mayFail === true ? this.#tried(step) : this.#sent(step);
    }
  }

  /** An operation that expects that a step may fail goes on without it. */
  async #tried(step: SendStep): Promise<Taken> {
    try {
      const taken = await this.#sent(step);
      if ("end" in taken || taken.failed.kind !== "failed") return taken;
      return { end: { kind: "failed", reason: taken.failed.reason } };
    } catch (error) {
      if (!(error instanceof NotSubmitted)) throw error;
      return { end: { kind: "failed", reason: `${error.failure}: ${error.message}` } };
    }
  }

  async #sent(step: SendStep): Promise<Taken> {
    const { progress } = this.#walk;
    const { receipt, end, transaction } = await this.#sender.send(step);
    const { chain, plan, crossing } = step;
    if (crossing !== undefined) this.#open = { transaction, crossing, at: progress.steps.length };
    progress.steps.push({ chain, plan, crossing, receipt, end });
    if (!receipt.succeeded)
      return { failed: { kind: "failed", reason: `${step.what ?? "transaction"} reverted` } };
    this.#walk.operation.reaches(step.reaches);
    if (end !== undefined) return this.#ended(receipt, end);
    const latest = (): Receipt | undefined =>
      transaction.state.at === "mined" ? transaction.state.receipt : undefined;
    return { end: { kind: "mined", receipt, latest } };
  }

  #ended(receipt: Receipt, crossing: CrossingEnd): Taken {
    const reason = failureOf(this.#walk.operation.child, crossing);
    if (reason !== undefined) return { failed: { kind: "failed", reason } };
    return { end: { kind: "arrived", receipt, crossing } };
  }

  async #wait(step: WaitStep): Promise<Taken> {
    const { watchers, clock } = this.#parts;
    const { operation, signal } = this.#walk;
    if (step.note !== undefined) operation.noted(step.note);
    operation.waitsFor(step.what);
    for (let seen = -1; ; ) {
      const block = watchers[step.chain].readTo;
      // Who asks a chain may wait for its answer: a run that stops does not.
      if (block !== seen && (await unlessAborted(step.isMet(block), signal))) {
        operation.reaches(step.reaches);
        return { end: { kind: "met", block } };
      }
      seen = block;
      await unlessAborted(clock.sleep(LOOK_EVERY_MS, signal), signal);
    }
  }

  /** Waits for what was sent to the other chain some steps before. */
  async #arrival(): Promise<Taken> {
    const open = this.#open;
    if (open === undefined) throw new Error("no step before sent anything that arrives later");
    const { progress } = this.#walk;
    const { receipt, end } = await this.#sender.followed(open.transaction, open.crossing, undefined);
    if (end === undefined) return { failed: { kind: "failed", reason: "transaction reverted" } };
    const before = progress.steps[open.at];
    if (before !== undefined) progress.steps[open.at] = { ...before, receipt, end };
    return this.#ended(receipt, end);
  }
}

/** Why a crossing's end is none that an operation succeeds with. */
function failureOf(child: Child, end: CrossingEnd): string | undefined {
  if (!("payout" in end)) return end.reason;
  if (end.to.toLowerCase() !== child.address.toLowerCase()) return `paid out to ${end.to}`;
  return end.kind === "paid" ? undefined : "settled back";
}
