import { type Publisher, unlessAborted } from "../base/index.ts";
import type { OperationEvent } from "../events.ts";
import type { Receipt } from "../rpc/index.ts";
import { type Account, NotSubmitted, type SentTransaction } from "../transactions/index.ts";
import type { Crossing, CrossingEnd, SendStep } from "../../protocols/operation.ts";
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

/** A transaction that was mined, and what became of what it sent where that was waited for. */
interface Settled {
  readonly receipt: Receipt;
  readonly end: CrossingEnd | undefined;
}

/** The same with the transaction itself. */
interface Sent extends Settled {
  readonly transaction: SentTransaction;
}

/** Sends the transactions of one operation's steps. */
export class StepSender {
  readonly #parts: StepParts;
  readonly #walk: Walk;

  constructor(parts: StepParts, walk: Walk) {
    this.#parts = parts;
    this.#walk = walk;
  }

  /** Sends a step's transaction, once more where a reorganisation or another's estimate may be why it failed, and waits for its end. */
  async send(step: SendStep): Promise<Sent> {
    const { reorganisations, transactions, clock } = this.#parts;
    const { account, signal } = this.#walk;
    for (let attempt = 1; ; attempt++) {
      const before = reorganisations.count;
      try {
        const ended = await this.#attempt(step);
        // Of a step that succeeded nothing is asked.
        if (ended.receipt.succeeded || !(await this.#mayRepeat(step, ended, attempt, before))) return ended;
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

  /** Sends it once, and waits for the receipt, and for the payout of what was sent to the other chain. */
  async #attempt(step: SendStep): Promise<Sent> {
    const { submitter, audit } = this.#parts;
    const { operation, progress, code, account, signal } = this.#walk;
    const { chain, plan, note, crossing, arrivesLater = false } = step;
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
    if (crossing !== undefined) {
      audit.follow({ transaction, crossing, code, who: operation.child.number, startedAt });
      if (!arrivesLater) return { transaction, ...(await this.followed(transaction, crossing, note)) };
    }
    if (transaction.state.at !== "mined") operation.waitsFor("receipt");
    const receipt = await transaction.mined(signal);
    if (isOwn) this.#hasReceipt(receipt);
    return { transaction, receipt, end: undefined };
  }

  #hasReceipt(receipt: Receipt): void {
    const { operation, progress } = this.#walk;
    // What happened elsewhere on the chains changes nothing of when it was mined.
    if (receipt === progress.receipt) return;
    operation.hasReceipt(receipt);
    progress.receipt = receipt;
  }

  /** Waits for what a transaction sent to the other chain. @param note of the step that sent it */
  async followed(transaction: SentTransaction, crossing: Crossing, note: SendStep["note"]): Promise<Settled> {
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
