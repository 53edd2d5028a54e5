import { setTimeout as sleep } from "node:timers/promises";
import { isCrossing, type Net, type Operation } from "../../protocols/operation.ts";
import { childField, type OpLog } from "../../journal/op-log.ts";
import type { Limits } from "../../../targets/target.ts";
import type { Chain } from "../base/chain.ts";
import { Child } from "./child.ts";
import { Commitments } from "../../protocols/ovm2/commitments.ts";
import type { Connection } from "./connection.ts";
import { Dispatcher, type Choice, type Shares } from "./dispatcher.ts";
import { operationOf } from "../../protocols/ovm2/operations.ts";
import { reasonOf } from "../base/errors.ts";
import { type Proofs, prove } from "../ledger/reconcile.ts";
import { Pacer } from "./pacer.ts";
import { type Performed, Performer } from "./performer.ts";
import { type Draws, drawsOf } from "../base/random.ts";
import { Abandoned, Stop } from "../base/stop.ts";

/** What a scenario wants. Amounts in wei, times in milliseconds. */
export interface RunPlan {
  readonly scenario: string;
  readonly seed: number;
  readonly children: number;
  /** The chain that a child starts on. */
  readonly startChainOf: (child: number) => Chain;
  readonly shares: Shares;
  /** Time under full load; Infinity: until something else ends the run. */
  readonly duration: number;
  /** Operations after which the run ends. */
  readonly operations: number;
  readonly dispatchInterval: number;
  readonly minimumBalance: bigint;
  readonly limits: Limits;
  /** Takes the dispatcher's place: performs operations in its own order, and the run ends when it is through. */
  readonly drive?: ((children: readonly DrivenChild[], proofs: OnDemand) => Promise<void>) | undefined;
}

/** What a scenario that picks its operations itself can ask for at any time. */
export interface OnDemand {
  /** Compares the books with both chains as they are now, and audits every crossing so far. */
  prove(): Promise<Proofs>;
}

/** A child whose operations a scenario picks itself. */
export interface DrivenChild {
  readonly number: number;
  readonly address: string;
  readonly on: Chain;
  /** @throws {Error} where the operation refuses */
  perform(code: string): Promise<Performed>;
}

/** How long a child waits that may do nothing at this moment. Milliseconds. */
const NOTHING_NOW_MS = 250;

const NOTHING_NOW: Choice = { kind: "nothing now" };

/** One in this many children must stay on L2. */
const STAYS_ON_L2 = 5;

/** The children of one scenario while they are driven: counts, failures and the stop. */
export class Run {
  readonly plan: RunPlan;
  readonly stop = new Stop();
  readonly children: readonly Child[];
  readonly performer: Performer;
  readonly net: Net;
  readonly failed: Performed[] = [];
  readonly abandoned: Performed[] = [];
  /** Operations that children performed, initial funding and refunds included. */
  performed = 0;
  /** What was thrown while the children were driven. */
  problem: { readonly error: unknown } | undefined;
  /** Unix milliseconds. */
  readonly startedAt: number;
  /** When all children had begun; undefined before. Unix milliseconds. */
  loadedAt: number | undefined;
  /** When the last operation was dispatched. Unix milliseconds. */
  dispatchedAt = 0;
  readonly #connection: Connection;
  readonly #opLog: OpLog;
  readonly #dispatcher: Dispatcher;
  readonly #pacer: Pacer;
  readonly #lives: Promise<void>[] = [];
  #dispatched = 0;

  constructor(plan: RunPlan, connection: Connection, opLog: OpLog) {
    this.plan = plan;
    this.#connection = connection;
    this.#opLog = opLog;
    this.startedAt = connection.clock.now();
    const { ledger, funder, clock } = connection;
    this.children = Array.from({ length: plan.children }, (_, number) => {
      return new Child(number, funder.deriveChild(plan.seed, number), plan.startChainOf(number), ledger);
    });
    const commitments = new Commitments();
    this.net = this.#netOf(commitments);
    this.performer = new Performer(connection, opLog, commitments, (performed) => this.#count(performed));
    this.#dispatcher = new Dispatcher(plan.shares, plan.seed, this.net);
    this.#pacer = new Pacer(clock, plan.dispatchInterval);
    const byAddress = new Map(this.children.map((child) => [child.address, child]));
    ledger.onCredit = (address) => byAddress.get(address)?.wake();
  }

  #netOf(commitments: Commitments): Net {
    const { contracts, funder, submitter, watchers } = this.#connection;
    return {
      contracts,
      funder: funder.address,
      children: this.children.map(({ address }) => address),
      minimumBalance: this.plan.minimumBalance,
      exitFee: this.#connection.exitFee,
      feeBound: (chain, gas) => submitter.feeBound(chain, gas),
      poolFree: (chain) => watchers[chain].head.poolBalance - commitments.owed(chain),
      mayLeaveL2: () => {
        // A scenario that picks the operations itself knows what it wants.
        if (this.plan.drive !== undefined) return true;
        // One that is about to submit its exit is still on L2, and counts as gone.
        const stays = ({ on, phase }: Child): boolean => (phase.at === "busy" ? phase.open.to : on) === 2;
        const onL2 = this.children.filter((child) => child.phase.at !== "done" && stays(child)).length;
        return onL2 - 1 >= Math.floor(this.children.length / STAYS_ON_L2);
      },
    };
  }

  #count(performed: Performed): void {
    this.performed++;
    if (performed.outcome.kind === "abandoned") this.abandoned.push(performed);
    if (performed.outcome.kind !== "failed") return;
    this.failed.push(performed);
    const { toleratedFailures } = this.plan.limits;
    if (this.failed.length <= toleratedFailures) return;
    this.stop.raise(1, { kind: "failures", count: this.failed.length, tolerated: toleratedFailures });
  }

  /** Starts a child's life; it has its money. */
  begin(child: Child): void {
    child.phase = { at: "ready" };
    if (this.plan.drive === undefined) this.#lives.push(this.#guard(this.#live(child)));
  }

  /** To be called when all children have begun: the time counts from here. Waits until the run is to end. */
  async untilStopped(): Promise<void> {
    const { soft } = this.stop;
    const { drive } = this.plan;
    this.loadedAt = this.#connection.clock.now();
    this.dispatchedAt = this.loadedAt;
    if (drive !== undefined && !soft.aborted) {
      const driven = drive(
        this.children.map((child) => this.#driven(child)),
        { prove: () => prove(this.#connection) },
      );
      this.#lives.push(this.#guard(driven).then(() => this.stop.raise(1, { kind: "finished" })));
    }
    await new Promise<void>((resolve) => {
      if (soft.aborted) resolve();
      soft.addEventListener("abort", () => resolve(), { once: true });
    });
  }

  /** Waits until no child has an operation open; from stop level 2 on that is at once. */
  async drained(): Promise<void> {
    for (let waited = 0; waited < this.#lives.length; ) {
      waited = this.#lives.length;
      await Promise.all(this.#lives);
    }
  }

  /** An error in driving the children, a failed `expect` of a scenario included, ends the run and is kept for later. */
  async #guard(life: Promise<void>): Promise<void> {
    try {
      await life;
    } catch (error) {
      this.fail(error);
    }
  }

  /** Ends the run because of an error. A wait that a stop cut short is none. */
  fail(error: unknown): void {
    if (error instanceof Abandoned) return;
    this.problem ??= { error };
    this.stop.raise(1, { kind: "error", message: reasonOf(error) });
  }

  async #live(child: Child): Promise<void> {
    const { soft } = this.stop;
    while (!soft.aborted) {
      await this.#pacer.slot(soft);
      if (soft.aborted) return;
      // What a reorganisation took back waits to be mined again: until then the child does not know what it has.
      const choice = this.#connection.transactions.isWaiting(child.address)
        ? NOTHING_NOW
        : this.#dispatcher.choose(child);
      if (choice.kind === "operation") await this.#dispatch(child, choice);
      else if (choice.kind === "too poor") await child.idle(soft);
      else await sleep(NOTHING_NOW_MS, undefined, { signal: soft }).catch(() => undefined);
    }
  }

  async #dispatch(
    child: Child,
    { operation, draws, refusals }: Choice & { kind: "operation" },
  ): Promise<void> {
    this.#dispatched++;
    this.dispatchedAt = this.#connection.clock.now();
    const { operations } = this.plan;
    if (this.#dispatched >= operations) this.stop.raise(1, { kind: "operations" });
    for (const { code, reason } of refusals) {
      this.#opLog.comment({
        refused: code,
        child: childField(child.number),
        instead: operation.code,
        reason,
      });
    }
    await this.#perform(child, operation, draws);
  }

  #perform(child: Child, operation: Operation, draws: Draws): Promise<Performed> {
    const task = {
      code: operation.code,
      account: child.account,
      plan: operation.build(child, this.net, draws),
      signal: this.stop.hard,
    };
    if (!isCrossing(operation)) return this.performer.perform(child, task);
    const before = operation.prepare?.(child, this.net);
    return this.performer.perform(child, { ...task, before, crossing: operation });
  }

  #driven(child: Child): DrivenChild {
    const perform = async (code: string): Promise<Performed> => {
      if (this.stop.level > 0) throw new Abandoned("the run is stopping");
      const operation = operationOf(code);
      const reason =
        operation.applies?.(child) === false ? "does not apply" : operation.ready(child, this.net);
      if (reason !== undefined)
        throw new Error(`child ${child.number} cannot perform ${code} now: ${reason}`);
      const performing = this.#perform(child, operation, drawsOf(this.plan.seed, child.number, child.turn++));
      // The driver may give up on it, or never ask: the refunds still wait for it.
      this.#lives.push(performing.then(() => undefined));
      return performing;
    };
    return {
      number: child.number,
      address: child.address,
      perform,
      get on() {
        return child.on;
      },
    };
  }
}
