import type { Chain, Clock, Publisher } from "../base/index.ts";
import type { OfOperation, OperationEvent, Outcome, Performed, PerformedStep } from "../events.ts";
import type { Receipt, TxHash } from "../rpc/index.ts";
import type { Purpose, SentTransaction, StepNote } from "../transactions/index.ts";
import type { Passed } from "../../protocols/protocol.ts";
import { type Child, hashOf, type OpenOperation } from "./child.ts";

/** What an operation that is over has beside its phases. */
export interface Progress {
  gasEstimated: bigint;
  receipt: Receipt | undefined;
  readonly steps: PerformedStep[];
}

/** An operation that begins. */
interface Begun extends Pick<OpenOperation, "operation" | "code" | "startedAt"> {
  /** The chain a crossing leads to; undefined where it stays. */
  readonly to: Chain | undefined;
}

/** Most operations have no phases of their own, and thousands are under way: they share this. */
const NONE: readonly never[] = [];

/** One operation of a child, from its start to its end. */
export class OngoingOperation {
  readonly child: Child;
  readonly open: OpenOperation;
  readonly #stream: Publisher<OperationEvent>;
  #passed: readonly Passed[] = NONE;
  readonly #clock: Clock;

  constructor(child: Child, begun: Begun, stream: Publisher<OperationEvent>, clock: Clock) {
    this.child = child;
    this.#stream = stream;
    this.#clock = clock;
    this.open = {
      ...begun,
      chain: child.on,
      to: begun.to ?? child.on,
      phases: [],
      own: undefined,
      waitingFor: "submission",
      hash: undefined,
      transaction: undefined,
      message: undefined,
      messageTo: undefined,
    };
    child.phase = { at: "busy", open: this.open };
  }

  /** Tells that it begins: to be done before anything else. */
  start(): void {
    const { chain, startedAt: at } = this.open;
    this.#stream.publish({ kind: "operation started", ...this.#of, chain, at });
  }

  get #of(): OfOperation {
    const { operation, code } = this.open;
    return { operation, child: this.child.number, code };
  }

  /** What its transactions are sent for. */
  purpose(note: StepNote | undefined): Purpose {
    const { operation, code } = this.open;
    // Kept with its transaction, as tens of thousands are: spread from another object it would take twice the memory.
    return { kind: "operation", operation, child: this.child.number, code, note };
  }

  /** Its own transaction is about to be sent. A child is on the other chain as soon as it submits a crossing. */
  submitted(hash: TxHash | undefined): void {
    const { child, open } = this;
    const instead = hash === undefined ? undefined : hashOf(open);
    open.hash = hash;
    open.transaction = undefined;
    if (instead === undefined) {
      child.on = open.to;
      this.#reach();
    }
    const since = open.phases[0] ?? 0;
    this.#stream.publish({
      kind: "operation submitted",
      ...this.#of,
      chain: child.on,
      since,
      hash,
      instead,
    });
  }

  /** Its own transaction was sent. */
  sent(transaction: SentTransaction): void {
    this.open.transaction = transaction;
  }

  /** Something is to be journaled that no transaction of its own tells. */
  noted({ name, values = {} }: StepNote): void {
    this.#stream.publish({ kind: "operation noted", ...this.#of, name, values });
  }

  /** A phase of its steps' own is reached. */
  reaches(phase: string | undefined): void {
    if (phase !== undefined) this.#reached(phase, this.#clock.now());
  }

  /** What it sent passed this on its way: it is told once that has arrived. */
  passed(passed: readonly Passed[]): void {
    this.#passed = passed;
    for (const { phase, at } of passed) this.#reached(phase, at);
  }

  /** @param at Unix milliseconds */
  #reached(phase: string, at: number): void {
    // Behind what it reached meanwhile, where it is reached once more.
    this.open.own ??= new Map();
    this.open.own.delete(phase);
    this.open.own.set(phase, Math.max(0, at - this.open.startedAt));
  }

  /** Notes what the operation waits for now. */
  waitsFor(what: string): void {
    this.open.waitingFor = what;
  }

  /** Its own transaction is mined; where it was mined before and taken back, the later time counts. */
  hasReceipt({ hash }: Receipt): void {
    this.open.phases.splice(1);
    this.#reach();
    const since = this.open.phases[1] ?? 0;
    this.#tell({ kind: "operation mined", ...this.#of, hash, since });
  }

  /** What it sent to the other chain has arrived there. */
  arrived(chain: Chain, hash: TxHash): void {
    const since = this.#clock.now() - this.open.startedAt;
    this.#tell({ kind: "operation arrived", ...this.#of, chain, hash, since });
  }

  /** A subscriber's mistake, which the stream tells as a fault, changes nothing of what has happened already. */
  #tell(event: OperationEvent): void {
    try {
      this.#stream.publish(event);
    } catch {
      // It ends the run; this operation, and the refunds that come after it, go their way.
    }
  }

  #reach(): void {
    this.open.phases.push(this.#clock.now() - this.open.startedAt);
  }

  /** Tells the end, and frees the child. */
  finish(outcome: Outcome, { gasEstimated, receipt, steps }: Progress): Performed {
    const { child, open } = this;
    const { code, chain, phases, own } = open;
    const hash = hashOf(open);
    // What was given up, or refused when it was sent, has the phases it reached and no end. DN has no transaction.
    const isThrough = phases.length > 1 || (phases.length === 1 && hash === undefined);
    if (isThrough && outcome.kind !== "abandoned") this.#reach();
    const performed = {
      child: child.number,
      code,
      chain,
      outcome,
      gasEstimated,
      hash,
      receipt,
      steps,
      phases,
      ownPhases: own === undefined ? NONE : [...own],
      passed: this.#passed,
    };
    child.phase = { at: "ready" };
    this.#tell({ kind: "operation done", ...this.#of, chain: child.on, performed });
    return performed;
  }
}
