import {
  Abandoned,
  type Draws,
  type GeneratorFigures,
  type GeneratorMeter,
  type GeneratorSpan,
  reasonOf,
  Stop,
} from "../base/index.ts";
import type { OperationDone, Performed } from "../events.ts";
import type { Operation, RunView, Wanted } from "../../protocols/operation.ts";
import { Census } from "./census.ts";
import type { Child } from "./child.ts";
import { type Choice, Dispatcher } from "./dispatcher.ts";
import { isCutShort } from "./leaving.ts";
import { lanesOf } from "./lanes.ts";
import { Lives } from "./lives.ts";
import type { Engine } from "./engine.ts";
import { bottlenecks } from "./load/bottleneck.ts";
import { loadOf } from "./load/load-of.ts";
import type { Chosen, LoadModel, Reins } from "./load/load-model.ts";
import { OwnDriving } from "./own-driving.ts";
import { Performer } from "./performer.ts";
import type { RunPlan } from "./plan.ts";
import { runView } from "./view.ts";

const NOTHING_NOW: Choice = { kind: "nothing now" };

/** What is asked of an operation beside what its child draws. */
interface Asked {
  readonly wanted?: Wanted;
  /** When it was to begin. Unix milliseconds. */
  readonly intendedAt?: number | undefined;
}

/** What the generator of the load had to do under full load, and whether it set the pace itself. */
export interface GeneratorReport extends GeneratorFigures {
  /** Why it was the bottleneck, in words; none where it was not. */
  readonly bottlenecks: readonly string[];
}

/** The children of one scenario while they are driven: counts, failures and the stop. */
export class Run {
  readonly plan: RunPlan;
  readonly stop = new Stop();
  readonly children: readonly Child[];
  /**
   * Whoever performs one operation at a time: the children, and behind them further ones on their accounts where each child may have several
   * under way. All have numbers of their own: in the journal none ever has two open.
   */
  readonly lanes: readonly Child[];
  /** What they are at. */
  readonly census = new Census();
  readonly performer: Performer;
  readonly view: RunView;
  readonly failed: Performed[] = [];
  readonly abandoned: Performed[] = [];
  /** Operations that children performed, initial funding and refunds included. */
  performed = 0;
  /** What was thrown while the children were driven, or by a subscriber of the stream. */
  problem: { readonly error: unknown } | undefined;
  /** Unix milliseconds. */
  readonly startedAt: number;
  /** When all children had begun; undefined before. Unix milliseconds. */
  loadedAt: number | undefined;
  /** When the last operation was dispatched. Unix milliseconds. */
  dispatchedAt = 0;
  readonly #engine: Engine;
  readonly #meter: GeneratorMeter;
  /** Full load: since all children had begun. */
  #span: GeneratorSpan | undefined;
  readonly #dispatcher: Dispatcher;
  /** When children begin operations; a scenario that drives decides that itself. */
  readonly load: LoadModel;
  /** Of children, or of operations where a scenario drives. */
  readonly #lives = new Lives();
  readonly #driving: OwnDriving;
  #dispatched = 0;

  /** @param meter measures the process that drives it */
  constructor(plan: RunPlan, engine: Engine, meter: GeneratorMeter) {
    this.plan = plan;
    this.#engine = engine;
    this.#meter = meter;
    this.startedAt = engine.clock.now();
    this.lanes = lanesOf(plan, engine, this.census);
    this.children = this.lanes.slice(0, plan.children);
    this.view = runView(engine, plan, this.children, this.census);
    this.performer = new Performer(engine);
    this.#dispatcher = new Dispatcher(plan.choices, plan.shares, plan.seed, this.view);
    this.load = loadOf(plan, this.#reins());
    this.#driving = new OwnDriving({
      plan,
      engine,
      view: this.view,
      stop: this.stop,
      perform: (...asked) => this.#performKept(...asked),
      guard: (life) => this.#guard(life),
    });
    this.#subscribe();
  }

  #subscribe(): void {
    const { stream } = this.#engine;
    const byAddress = Map.groupBy(this.lanes, ({ address }) => address);
    stream.subscribe("run", {
      "operation done": (done) => this.#count(done),
      // Money arrived: an idle child comes back.
      credited: ({ account }) => {
        for (const lane of byAddress.get(account) ?? []) lane.wake();
      },
      fault: ({ error }) => this.fail(error),
    });
    for (const signal of [this.stop.soft, this.stop.hard]) {
      signal.addEventListener("abort", () => this.#tellStop(), { once: true });
    }
  }

  /** What a subscriber throws is told as a fault, which ends the run; out of a signal's listener it would end the process. */
  #tellStop(): void {
    const { level, reason = { kind: "finished" } } = this.stop;
    try {
      this.#engine.stream.publish({ kind: "stop", level, reason });
    } catch {
      // Told already.
    }
  }

  #count({ performed }: OperationDone): void {
    this.performed++;
    if (performed.outcome.kind === "abandoned") this.abandoned.push(performed);
    if (performed.outcome.kind !== "failed") return;
    this.failed.push(performed);
    const { toleratedFailures } = this.plan.limits;
    if (this.failed.length <= toleratedFailures) return;
    this.stop.raise(1, { kind: "failures", count: this.failed.length, tolerated: toleratedFailures });
  }

  /** Starts a child's life; it has its money. */
  begin({ number }: Child): void {
    const { children, inFlight, drive } = this.plan;
    for (let lane = 0; lane < inFlight; lane++) {
      const child = this.lanes[number + lane * children];
      if (child === undefined) continue;
      child.phase = { at: "ready" };
      if (drive === undefined) this.load.begin(child);
    }
  }

  /** Operations that were begun by the load model. */
  get dispatched(): number {
    return this.#dispatched;
  }

  /** Ends what children have beside themselves: nothing of it is under way any more. */
  endFurtherLanes(): void {
    for (const lane of this.lanes.slice(this.plan.children)) this.performer.markDone(lane);
  }

  /** To be called when all children have begun: the time counts from here. Waits until the run is to end. */
  async untilStopped(): Promise<void> {
    const { soft } = this.stop;
    this.loadedAt = this.#engine.clock.now();
    this.dispatchedAt = this.loadedAt;
    const span = this.#meter.open();
    this.#span = span;
    const { drive } = this.plan;
    if (drive === undefined) this.load.loaded();
    else if (!soft.aborted) this.#driving.begin(drive, this.children);
    await new Promise<void>((resolve) => {
      if (soft.aborted) resolve();
      soft.addEventListener("abort", () => resolve(), { once: true });
    });
    span.close();
  }

  /** The generator's own limits under full load; undefined before. */
  get generator(): GeneratorReport | undefined {
    const figures = this.#span?.figures();
    const { figures: load } = this.load;
    return (
      figures && { ...figures, bottlenecks: bottlenecks(figures, load.model === "closed" ? undefined : load) }
    );
  }

  /** Waits until no child has an operation open, from stop level 2 on that is at once, and for a scenario that drives to leave. */
  async drained(): Promise<void> {
    await this.#lives.over();
    const stays = await this.#driving.left();
    if (stays !== undefined) this.fail(stays);
  }

  /** An error in driving the children, a failed `expect` of a scenario included, ends the run and is kept for later. */
  async #guard(life: Promise<void>): Promise<void> {
    try {
      await life;
    } catch (error) {
      if (!isCutShort(error, this.stop)) this.fail(error);
    }
  }

  /** Ends the run because of an error. A wait that a stop cut short is none. */
  fail(error: unknown): void {
    if (error instanceof Abandoned) return;
    this.problem ??= { error };
    this.stop.raise(1, { kind: "error", message: reasonOf(error) });
  }

  #reins(): Reins {
    const { clock, transactions } = this.#engine;
    // What a reorganisation took back waits to be mined again: until then the child does not know what it has.
    const isUnsure = (address: string): boolean =>
      this.plan.inFlight > 1 ? transactions.isTakenBack(address) : transactions.isWaiting(address);
    return {
      clock,
      soft: this.stop.soft,
      choose: (child) => (isUnsure(child.address) ? NOTHING_NOW : this.#dispatcher.choose(child)),
      perform: (child, chosen, intendedAt) => this.#dispatch(child, chosen, intendedAt),
      keep: (life) => this.#lives.keep(this.#guard(life)),
      meter: this.#meter,
      finish: () => this.stop.raise(1, { kind: "finished" }),
    };
  }

  #dispatch(child: Child, { operation, draws, refusals }: Chosen, intendedAt?: number): Promise<Performed> {
    this.#dispatched++;
    this.dispatchedAt = this.#engine.clock.now();
    const { operations } = this.plan;
    if (this.#dispatched >= operations) this.stop.raise(1, { kind: "operations" });
    for (const { code, reason } of refusals) {
      const refused = { kind: "operation refused", child: child.number, code, reason } as const;
      this.#engine.stream.publish({ ...refused, instead: operation.code });
    }
    return this.#perform(child, operation, draws, { intendedAt });
  }

  #perform(child: Child, operation: Operation, draws: Draws, asked: Asked): Promise<Performed> {
    const { code, to } = operation;
    const { wanted, intendedAt } = asked;
    const steps = operation.steps(child, this.view, draws, wanted);
    const { hard: signal } = this.stop;
    return this.performer.perform(child, { code, to, account: child.account, steps, signal, intendedAt });
  }

  /** As a scenario drives. It may give up on it, or never ask: the refunds still wait for it. */
  #performKept(child: Child, operation: Operation, draws: Draws, wanted: Wanted): Promise<Performed> {
    const performing = this.#perform(child, operation, draws, { wanted });
    this.#lives.keep(performing.then(() => undefined));
    return performing;
  }
}
