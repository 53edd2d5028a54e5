import type { OperationDone, OperationStarted } from "../../engine/events.ts";
import { hashOf } from "../../engine/run/index.ts";
import { roundEther } from "../page/words.ts";
import type { Observed, Onlooker } from "../onlooker.ts";
import { FoundSoFar } from "./found-so-far.ts";
import { progressOf } from "./progress.ts";
import { RecentTimes } from "./recent-times.ts";
import type { LiveSnapshot } from "./snapshot.ts";

/** Open operations that are named. */
const MOST_NAMED = 3;

/** What is known of the operations of a code. */
class CodeCounts {
  running = 0;
  done = 0;
  failed = 0;
  readonly times = new RecentTimes();
}

/** A run's figures for whoever watches it: constant work for each event, and little more for each look. */
export class LiveFigures implements Onlooker {
  readonly #observed: Observed;
  readonly #rateOverMs: number;
  readonly #codes = new Map<string, CodeCounts>();
  readonly #found: FoundSoFar;
  readonly #unsubscribe: () => void;
  /** Operations over at earlier looks, oldest first. */
  readonly #looks: { readonly at: number; readonly performed: number }[];
  #levels: LiveSnapshot["levels"] = [];
  #phase: LiveSnapshot["phase"] = "checks";
  #phaseSince: number;

  /** @param rateOverMs over how long operations a second are reckoned, at least. Milliseconds */
  constructor(observed: Observed, rateOverMs: number) {
    this.#observed = observed;
    this.#rateOverMs = rateOverMs;
    const { stream, clock } = observed.engine;
    this.#phaseSince = clock.now();
    this.#looks = [{ at: clock.now(), performed: 0 }];
    this.#found = new FoundSoFar(stream);
    this.#unsubscribe = stream.subscribe("report", {
      "operation started": (started) => this.#started(started),
      "operation done": (done) => this.#done(done),
    });
  }

  #of(code: string): CodeCounts {
    const known = this.#codes.get(code);
    if (known !== undefined) return known;
    const counts = new CodeCounts();
    this.#codes.set(code, counts);
    return counts;
  }

  #started({ code }: OperationStarted): void {
    this.#of(code).running++;
  }

  #done({ performed: { code, outcome, phases } }: OperationDone): void {
    const counts = this.#of(code);
    counts.running--;
    counts.done++;
    if (outcome.kind === "failed") counts.failed++;
    const took = phases.at(-1);
    // Times of failures would mix with times of what worked.
    if (outcome.kind === "succeeded" && took !== undefined)
      counts.times.add(took, this.#observed.engine.clock.now());
  }

  phase(phase: Exclude<LiveSnapshot["phase"], "checks">): void {
    this.#phase = phase;
    this.#phaseSince = this.#observed.engine.clock.now();
  }

  levels(levels: Readonly<Record<string, bigint>>): void {
    this.#levels = Object.entries(levels).map(([name, wei]) => [name, roundEther(String(wei))]);
  }

  audited(audit: Parameters<NonNullable<Onlooker["audited"]>>[0]): void {
    this.#found.audited(audit);
  }

  ended(): Promise<void> {
    this.#unsubscribe();
    this.#found.close();
    return Promise.resolve();
  }

  /** The run as it is now. */
  snapshot(): LiveSnapshot {
    const { run, engine, target } = this.#observed;
    const now = engine.clock.now();
    const { census, plan, stop } = run;
    const phaseMs = Math.max(0, now - this.#phaseSince);
    return {
      scenario: plan.scenario,
      target,
      phase: this.#phase,
      phaseMs,
      progress: progressOf(run, this.#phase, phaseMs, now),
      stopLevel: stop.level,
      children: plan.children,
      performed: run.performed,
      failed: run.failed.length,
      rate: this.#rate(now),
      codes: this.#rows(now),
      levels: this.#levels,
      slowest: this.#slowest(now),
      open: census.count("busy"),
      found: this.#found.lines(),
    };
  }

  /** Since the newest look that is as old as it has to be; since the oldest one where none is. */
  #rate(now: number): number {
    const { performed } = this.#observed.run;
    const looks = this.#looks;
    while (looks.length > 1 && now - (looks[1]?.at ?? now) >= this.#rateOverMs) looks.shift();
    const [since] = looks;
    looks.push({ at: now, performed });
    if (since === undefined || now <= since.at) return 0;
    return ((performed - since.performed) * 1000) / (now - since.at);
  }

  #rows(now: number): LiveSnapshot["codes"] {
    return [...this.#codes]
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([code, { running, done, failed, times }]) => {
        const [p50, p95] = times.percentiles([0.5, 0.95], now) ?? [];
        const recent = p50 === undefined || p95 === undefined ? {} : { p50, p95 };
        return { code, running: Math.max(0, running), done, failed, ...recent };
      });
  }

  #slowest(now: number): LiveSnapshot["slowest"] {
    const slowest: LiveSnapshot["slowest"] = [];
    for (const { child, open, age } of this.#observed.run.census.underWay(now)) {
      if (slowest.length === MOST_NAMED) break;
      const { code, waitingFor } = open;
      const hash = hashOf(open);
      const named = { child: child.number, code, age: Math.max(0, age), waitingFor };
      slowest.push(hash === undefined ? named : { ...named, hash });
    }
    return slowest;
  }
}
