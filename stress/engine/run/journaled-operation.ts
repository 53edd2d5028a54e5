import { childField, type OpLog } from "../../journal/op-log.ts";
import type { Chain } from "../base/chain.ts";
import type { Child, OpenOperation } from "./child.ts";
import type { Clock } from "../base/clock.ts";
import type { TxHash } from "../rpc/receipt.ts";
import type { TransactionJournal } from "../transactions/sent-transaction.ts";

/** How an operation ended. */
export type Outcome =
  | { readonly kind: "succeeded" }
  | { readonly kind: "failed"; readonly reason: string }
  /** The run stopped waiting for it. */
  | { readonly kind: "abandoned"; readonly waitingFor: string };

/** One operation of a child in the journal: from its OP_START, which is written when it is made, to its OP_DONE_. */
export class JournaledOperation {
  readonly child: Child;
  readonly open: OpenOperation;
  readonly #opLog: OpLog;
  readonly #clock: Clock;
  #isOver = false;

  /** @param to the chain a crossing leads to; undefined where it stays */
  constructor(child: Child, code: string, to: Chain | undefined, opLog: OpLog, clock: Clock) {
    this.child = child;
    this.#opLog = opLog;
    this.#clock = clock;
    this.open = {
      code,
      chain: child.on,
      to: to ?? child.on,
      startedAt: clock.now(),
      phases: [],
      waitingFor: "submission",
      hash: undefined,
      message: undefined,
    };
    child.phase = { at: "busy", open: this.open };
    opLog.start(child.number, code, child.on, this.open.startedAt);
  }

  /** Journals that the transaction is about to be sent. A child is on the other chain as soon as it submits a crossing. */
  submitted(hash: TxHash | undefined): void {
    const { child, open } = this;
    if (open.hash !== undefined && hash !== undefined) {
      // The operation has its OP_WATCH already.
      this.comment("again", { tx: hash, instead: open.hash });
      open.hash = hash;
      return;
    }
    child.on = open.to;
    open.hash = hash;
    this.reach();
    this.#opLog.watch(child.number, open.code, child.on, open.phases[0] ?? 0, hash);
  }

  /** Notes what the operation waits for now. */
  waitsFor(what: OpenOperation["waitingFor"]): void {
    this.open.waitingFor = what;
  }

  /** Notes that its transaction is mined; where it was mined before and taken back, the later time counts. */
  hasReceipt(hash: TxHash): void {
    this.open.hash = hash;
    this.open.phases.splice(1);
    this.reach();
  }

  /** What may become of its transaction beside being mined, told in comments: also when it is done already. */
  get fates(): Omit<TransactionJournal, "signed"> {
    const ended = (): Record<string, string> => (this.#isOver ? { after: "OP_DONE_" } : {});
    return {
      replaced: (tx, by) => {
        if (this.open.hash === tx) this.open.hash = by;
        this.comment("replaced", { tx, by, ...ended() });
      },
      takenBack: ({ hash: tx, blockNumber }) => {
        if (!this.#isOver && this.open.hash === tx) this.waitsFor("receipt");
        this.comment("taken-back", { tx, block: String(blockNumber), ...ended() });
      },
      minedAgain: ({ hash: tx, blockNumber, succeeded }) => {
        const reverted: Record<string, string> = succeeded ? {} : { reverted: "yes" };
        this.comment("mined-again", { tx, block: String(blockNumber), ...reverted, ...ended() });
      },
    };
  }

  /** Notes that the next phase is reached. */
  reach(): void {
    this.open.phases.push(this.#clock.now() - this.open.startedAt);
  }

  /** A comment on this operation: `# <what>=<code> child=… …`. */
  comment(what: string, values: Readonly<Record<string, string>>): void {
    this.#opLog.comment({ [what]: this.open.code, child: childField(this.child.number), ...values });
  }

  /** Writes OP_DONE_, with the reason before it where it did not succeed, and frees the child. */
  finish(outcome: Outcome, gasUsed: bigint, gasEstimated: bigint): void {
    const { child, open } = this;
    // What was given up, or refused when it was sent, has the phases it reached and no end. DN has no transaction.
    const isOver = open.phases.length > 1 || (open.phases.length === 1 && open.hash === undefined);
    if (isOver && outcome.kind !== "abandoned") this.reach();
    this.#explain(outcome);
    const { code, phases } = open;
    const succeeded = outcome.kind === "succeeded";
    this.#opLog.done({
      child: child.number,
      code,
      chain: child.on,
      succeeded,
      gasUsed,
      gasEstimated,
      phases,
    });
    this.#isOver = true;
    child.phase = { at: "ready" };
  }

  #explain(outcome: Outcome): void {
    if (outcome.kind === "succeeded") return;
    const why: Record<string, string> =
      outcome.kind === "failed" ? { reason: outcome.reason } : { "waiting-for": outcome.waitingFor };
    const { hash } = this.open;
    this.comment(outcome.kind, hash === undefined ? why : { ...why, tx: hash });
  }
}
