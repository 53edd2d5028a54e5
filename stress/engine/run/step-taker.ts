import { type Publisher, unlessAborted } from "../base/index.ts";
import type { OperationEvent, Outcome } from "../events.ts";
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
import type { Account } from "../transactions/index.ts";
import type { Child } from "./child.ts";
import { awaitCrossing } from "./crossing.ts";
import type { Engine } from "./engine.ts";
import type { OngoingOperation, Progress } from "./ongoing-operation.ts";

/** What steps are taken with. */
export type StepParts = Pick<
  Engine,
  "clock" | "bridge" | "watchers" | "reorganisations" | "transactions" | "submitter" | "audit" | "inquiries"
> & { readonly stream: Publisher<OperationEvent> };

/** Whose steps are taken, and until when. */
export interface Walk {
  readonly operation: OngoingOperation;
  readonly progress: Progress;
  readonly code: string;
  /** Who sends the transactions. */
  readonly account: Account;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
}

/**
 * A transaction that reverts although it was right may do so because a reorganisation changed what comes before it: it is
 * sent again, as often as this, and with this pause in milliseconds.
 */
const ATTEMPTS = 3;
const BEFORE_NEXT_MS = 2000;

/** Milliseconds that transactions have to be mined again, where a reorganisation took them back. */
const AGAIN_PATIENCE_MS = 30_000;

/** Between two looks at whether there is a new block, for a step that waits for what only blocks change. Milliseconds. */
const LOOK_EVERY_MS = 100;

/** What became of a step: what its operation is told, or why that one ends here. */
type Taken = { readonly end: StepEnd } | { readonly failed: Outcome };

/** A transaction that was mined, and what became of what it sent where that was waited for. */
interface Settled {
  readonly receipt: Receipt;
  readonly end: CrossingEnd | undefined;
}

/** The same with the transaction itself. */
interface Sent extends Settled {
  readonly transaction: SentTransaction;
}

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
  #open: OpenCrossing | undefined;

  constructor(parts: StepParts, walk: Walk) {
    this.#parts = parts;
    this.#walk = walk;
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

  async #take(step: Step): Promise<Taken> {
    switch (step.kind) {
      case "wait":
        return { end: await this.#wait(step) };
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
    const { receipt, end, transaction } = await this.#send(step);
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

  async #wait(step: WaitStep): Promise<StepEnd> {
    const { watchers, clock } = this.#parts;
    const { operation, signal } = this.#walk;
    if (step.note !== undefined) operation.noted(step.note);
    operation.waitsFor(step.what);
    for (let seen = -1; ; ) {
      const block = watchers[step.chain].readTo;
      // Who asks a chain may wait for its answer: a run that stops does not.
      if (block !== seen && (await unlessAborted(step.isMet(block), signal))) {
        operation.reaches(step.reaches);
        return { kind: "met", block };
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
    const { receipt, end } = await this.#followed(open.transaction, open.crossing, undefined);
    if (end === undefined) return { failed: { kind: "failed", reason: "transaction reverted" } };
    const before = progress.steps[open.at];
    if (before !== undefined) progress.steps[open.at] = { ...before, receipt, end };
    return this.#ended(receipt, end);
  }

  /** Sends a step's transaction, once more where a reorganisation or another's estimate may be why it failed, and waits for its end. */
  async #send(step: SendStep): Promise<Sent> {
    const { reorganisations, transactions, clock } = this.#parts;
    const { progress, account, signal } = this.#walk;
    for (let attempt = 1; ; attempt++) {
      const before = reorganisations.count;
      try {
        const ended = await this.#attempt(step);
        const { receipt, end, transaction } = ended;
        // Of a step that succeeded nothing is asked.
        const mayAgain = !receipt.succeeded && (await this.#mayRepeat(step, ended, attempt, before));
        if (!mayAgain) {
          const { chain, plan, crossing } = step;
          if (crossing !== undefined) this.#open = { transaction, crossing, at: progress.steps.length };
          progress.steps.push({ chain, plan, crossing, receipt, end });
          return ended;
        }
      } catch (error) {
        if (!(error instanceof NotSubmitted) || !(await this.#mayAgain(step, attempt, before))) throw error;
      }
      // What a reorganisation put behind it, a payout to its account say, has come again by then.
      await unlessAborted(clock.sleep(BEFORE_NEXT_MS, signal), signal);
      // What it builds upon may have been its own, or what others paid to it.
      await unlessAborted(transactions.settled([account.address], AGAIN_PATIENCE_MS), signal);
      await unlessAborted(transactions.minedAgain(step.chain, AGAIN_PATIENCE_MS), signal);
    }
  }

  /** Whether a transaction that reverted is worth another attempt. */
  async #mayRepeat(
    step: SendStep,
    { transaction, receipt }: Sent,
    attempt: number,
    before: number,
  ): Promise<boolean> {
    const lackedGas = this.#parts.submitter.reverted(transaction, receipt);
    return (lackedGas && attempt < ATTEMPTS) || this.#mayAgain(step, attempt, before);
  }

  /** @param before how many reorganisations there had been before this attempt */
  async #mayAgain({ chain }: SendStep, attempt: number, before: number): Promise<boolean> {
    const { reorganisations, watchers } = this.#parts;
    // A node may be on the other branch before the watcher has seen that there is one; it may see it while the node is asked.
    return attempt < ATTEMPTS && (!(await watchers[chain].isCurrent()) || reorganisations.count > before);
  }

  async #attempt(step: SendStep): Promise<Sent> {
    const { submitter, audit } = this.#parts;
    const { operation, progress, code, account, signal } = this.#walk;
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
    return { transaction, ...(await this.#settle(transaction, step)) };
  }

  /** Waits for the receipt, and for the payout of what was sent to the other chain. */
  async #settle(transaction: SentTransaction, step: SendStep): Promise<Settled> {
    const { operation, signal } = this.#walk;
    const { note, crossing, arrivesLater = false } = step;
    if (crossing !== undefined && !arrivesLater) return this.#followed(transaction, crossing, note);
    if (transaction.state.at !== "mined") operation.waitsFor("receipt");
    const receipt = await transaction.mined(signal);
    if (note === undefined) this.#hasReceipt(receipt);
    return { receipt, end: undefined };
  }

  #hasReceipt(receipt: Receipt): void {
    const { operation, progress } = this.#walk;
    // What happened elsewhere on the chains changes nothing of when it was mined.
    if (receipt === progress.receipt) return;
    operation.hasReceipt(receipt);
    progress.receipt = receipt;
  }

  async #followed(
    transaction: SentTransaction,
    crossing: Crossing,
    note: SendStep["note"],
  ): Promise<Settled> {
    const { operation, signal } = this.#walk;
    let mined: Receipt | undefined;
    const end = await awaitCrossing(this.#parts, crossing, transaction, {
      signal,
      onWaiting: () => {
        if (transaction.state.at !== "mined") operation.waitsFor("receipt");
      },
      onReceipt: (receipt) => {
        if (note === undefined) this.#hasReceipt(receipt);
        mined = receipt;
        operation.waitsFor("payout");
      },
      onMessage: ({ id }, chain) => {
        operation.open.message = id;
        operation.open.messageTo = chain;
      },
    });
    if (mined === undefined) throw new Error("a crossing ends in the receipt of its transaction at least");
    if (end?.kind === "paid") {
      const { bridge } = this.#parts;
      operation.passed(bridge.passed?.(transaction.chain, crossing.way, mined.blockNumber) ?? []);
    }
    if (end !== undefined && "payout" in end) operation.arrived(end.chain, end.hash);
    return { receipt: mined, end };
  }
}

/** Why a crossing's end is none that an operation succeeds with. */
function failureOf(child: Child, end: CrossingEnd): string | undefined {
  if (!("payout" in end)) return end.reason;
  if (end.to.toLowerCase() !== child.address.toLowerCase()) return `paid out to ${end.to}`;
  return end.kind === "paid" ? undefined : "settled back";
}
