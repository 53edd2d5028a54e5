import { type SearchTerms, whenAborted } from "../../base/index.ts";
import type { Child } from "../child.ts";
import { bottlenecks } from "./bottleneck.ts";
import type { LoadFigures, LoadModel, Reins, SearchStep, StartFigures } from "./load-model.ts";
import { RateSearch } from "./rate-search.ts";
import { Schedule } from "./schedule.ts";
import { Starts } from "./starts.ts";
import { describeMeasured, StepTally } from "./step-tally.ts";

/** A rate that starts too few operations of a kind that is limited is held longer, up to so many times as long. */
const MOST_LONGER = 5;

/** What a search is to find. */
export interface SearchPlan extends SearchTerms {
  /** The rate that it begins with. Starts a second. */
  readonly first: number;
}

/**
 * Searches for the highest rate that holds: step by step at a constant rate each, on schedule as the open model. A step is judged when
 * all operations that it started are over; so each one begins at rest, and none is judged by what another one left.
 */
export class SearchLoad implements LoadModel {
  readonly #reins: Reins;
  readonly #plan: SearchPlan;
  readonly #starts: Starts;
  readonly #steps: SearchStep[] = [];
  #isThrough = false;

  constructor(reins: Reins, plan: SearchPlan) {
    this.#reins = reins;
    this.#plan = plan;
    this.#starts = new Starts(reins);
  }

  get figures(): LoadFigures {
    const held = this.#steps.filter(({ broken }) => broken.length === 0).map(({ rate }) => rate);
    return {
      model: "search",
      limits: this.#plan.limits.map(({ text }) => text),
      steps: this.#steps,
      highest: held.length === 0 ? undefined : Math.max(...held),
      isThrough: this.#isThrough,
      ...this.#starts.figures,
    };
  }

  begin(child: Child): void {
    this.#starts.free(child);
  }

  loaded(): void {
    this.#reins.keep(this.#search());
  }

  restsSince(): number | undefined {
    return this.#starts.missingSince;
  }

  async #search(): Promise<void> {
    const search = new RateSearch(this.#plan.first);
    for (let rate = search.next; rate !== undefined; rate = search.next) {
      const step = await this.#step(rate);
      // What a stop cut short tells nothing.
      if (step === undefined) return;
      this.#steps.push(step);
      search.tried(step.broken.length === 0);
    }
    this.#isThrough = true;
    this.#reins.finish();
  }

  /** undefined where the run stopped meanwhile. */
  async #step(rate: number): Promise<SearchStep | undefined> {
    const { limits, stepMs } = this.#plan;
    const { meter, soft } = this.#reins;
    const tally = new StepTally(limits);
    const before = this.#starts.figures;
    const open = new Countdown();
    const span = meter.open();
    const ms = await this.#starts.make(
      new Schedule([{ from: rate, to: rate, ms: Number.POSITIVE_INFINITY }]),
      {
        goesOn: (since) => since < stepMs || (!tally.isEnough && since < stepMs * MOST_LONGER),
        started: (code) => {
          open.add();
          tally.started(code);
        },
        done: (performed) => {
          tally.done(performed);
          open.remove();
        },
      },
    );
    span.close();
    await open.none(soft);
    if (soft.aborted) return undefined;
    const starts = since(before, this.#starts.figures);
    const measured = tally.measured(starts);
    const own = bottlenecks(span.figures(), starts);
    const broken = [
      ...measured.filter(({ isHeld }) => !isHeld).map(describeMeasured),
      ...own.map((why) => `the generator was the bottleneck: ${why}`),
    ];
    const { succeeded, failed } = tally;
    return { rate, ms, achieved: succeeded / (ms / 1000), ...starts, succeeded, failed, measured, broken };
  }
}

/** What one step had of the starts. */
const since = (before: StartFigures, after: StartFigures): Pick<StartFigures, "due" | "missed" | "late"> => ({
  due: after.due - before.due,
  missed: after.missed - before.missed,
  late: after.late - before.late,
});

/** Operations that are open. */
class Countdown {
  #open = 0;
  #none: PromiseWithResolvers<void> | undefined;

  add(): void {
    this.#open++;
  }

  remove(): void {
    if (--this.#open === 0) this.#none?.resolve();
  }

  /** Waits until none is open, or a stop comes: what then is open is waited for by the run. */
  async none(stop: AbortSignal): Promise<void> {
    if (this.#open === 0) return;
    const none = Promise.withResolvers<void>();
    this.#none = none;
    const forget = whenAborted(stop, () => none.resolve());
    await none.promise;
    forget();
  }
}
