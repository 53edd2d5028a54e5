import type { Source } from "../engine/base/index.ts";
import type { EngineEvent } from "../engine/events.ts";
import type { Preconfirmation } from "../engine/transactions/index.ts";
import type { OpLogRecord } from "../journal/parse-op-log.ts";
import { type Bin, Times } from "./times.ts";

/** Names of the phases that every operation has, in their order. */
export const PHASES = ["submitted", "receipt", "finished"] as const;

/** A node answered the receipt before there was its block. */
export const PRECONFIRMED = "preconfirmed";

/** How long the operations of one kind took to reach a phase. Milliseconds. */
export interface PhaseFigures {
  /**
   * One of {@link PHASES}, {@link PRECONFIRMED} before the receipt where nodes told of the transaction before its block, or between
   * receipt and end one of the operation's own.
   */
  readonly phase: string;
  readonly median: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
  readonly count: number;
  /** How many took how long: to two significant digits, rising. */
  readonly histogram: readonly Bin[];
}

/** Significant digits of a histogram's times: 5 % at worst, and 90 bins for each power of ten at most. */
const HISTOGRAM_DIGITS = 2;

/** The figures of one operation code. */
export interface CodeFigures {
  readonly code: string;
  readonly count: number;
  readonly failed: number;
  /** Times it was refused in favour of another operation. */
  readonly refused: number;
  readonly gasUsed: bigint;
  readonly gasEstimated: bigint;
  readonly phases: readonly PhaseFigures[];
}

class CodeTally {
  count = 0;
  failed = 0;
  refused = 0;
  gasUsed = 0n;
  gasEstimated = 0n;
  readonly reached: Times[] = PHASES.map(() => new Times());
  readonly preconfirmed = new Times();
  /** By name, in the order in which they were reached first. */
  readonly own = new Map<string, Times>();
}

function figuresOf(phase: string, times: Times | undefined): PhaseFigures[] {
  if (times === undefined || times.count === 0) return [];
  const [median = Number.NaN, p95 = median, p99 = p95] = times.percentiles([0.5, 0.95, 0.99]);
  return [
    { phase, median, p95, p99, max: times.max, count: times.count, histogram: times.bins(HISTOGRAM_DIGITS) },
  ];
}

function phasesOf({ reached, preconfirmed, own }: CodeTally): PhaseFigures[] {
  const before: Readonly<Record<string, PhaseFigures[]>> = {
    receipt: figuresOf(PRECONFIRMED, preconfirmed),
    finished: [...own].flatMap(([phase, times]) => figuresOf(phase, times)),
  };
  return PHASES.flatMap((phase, at) => [...(before[phase] ?? []), ...figuresOf(phase, reached[at])]);
}

/** An operation that is over, as far as figures are made of it. */
interface DoneOperation {
  readonly code: string;
  readonly succeeded: boolean;
  readonly gasUsed: bigint;
  readonly gasEstimated: bigint;
  readonly phases: readonly number[];
  /** Milliseconds since the start. */
  readonly preconfirmed?: number | undefined;
  readonly ownPhases?: readonly (readonly [name: string, since: number])[] | undefined;
}

/** Adds operations up into figures for each code: as they happen, or from the records of a log. */
export class Summary {
  readonly #tallies = new Map<string, CodeTally>();
  /** Of the operations that are open, by number: when they began, in Unix milliseconds, and were preconfirmed after that. */
  readonly #open = new Map<number, { readonly at: number; preconfirmed?: number }>();

  /** Takes what happens from now on. */
  follow(stream: Source<EngineEvent>): void {
    stream.subscribe("figures", {
      "operation refused": ({ code }) => this.#refused(code),
      "operation started": ({ operation, at }) => void this.#open.set(operation, { at }),
      preconfirmation: (one) => this.#preconfirmed(one),
      "operation done": ({ operation, performed }) => {
        const { outcome, receipt } = performed;
        const succeeded = outcome.kind === "succeeded";
        const preconfirmed = this.#open.get(operation)?.preconfirmed;
        this.#open.delete(operation);
        this.#done({ ...performed, succeeded, gasUsed: receipt?.gasUsed ?? 0n, preconfirmed });
      },
    });
  }

  /** Only an operation's own transaction has phases. */
  #preconfirmed({ transaction: { purpose }, at }: Preconfirmation): void {
    if (purpose.kind !== "operation" || purpose.note !== undefined) return;
    const open = this.#open.get(purpose.operation);
    if (open !== undefined) open.preconfirmed = at - open.at;
  }

  add(record: OpLogRecord): void {
    if (record.record === "comment") {
      const [, code] = /(?:^|\s)refused=([A-Z]{2})\b/.exec(record.text) ?? [];
      if (code !== undefined) this.#refused(code);
    } else if (record.record === "done") this.#done(record);
  }

  #refused(code: string): void {
    this.#tally(code).refused++;
  }

  #done(done: DoneOperation): void {
    const { code, succeeded, gasUsed, gasEstimated, phases, preconfirmed, ownPhases = [] } = done;
    const tally = this.#tally(code);
    tally.count++;
    if (!succeeded) tally.failed++;
    tally.gasUsed += gasUsed;
    tally.gasEstimated += gasEstimated;
    // Times of failures would mix with times of what worked.
    if (!succeeded) return;
    for (const [at, ms] of phases.entries()) tally.reached[at]?.add(ms);
    if (preconfirmed !== undefined) tally.preconfirmed.add(preconfirmed);
    for (const [name, ms] of ownPhases) {
      const times = tally.own.get(name) ?? new Times();
      tally.own.set(name, times);
      times.add(ms);
    }
  }

  rows(): CodeFigures[] {
    return [...this.#tallies]
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([code, tally]) => {
        const { count, failed, refused, gasUsed, gasEstimated } = tally;
        return { code, count, failed, refused, gasUsed, gasEstimated, phases: phasesOf(tally) };
      });
  }

  #tally(code: string): CodeTally {
    const tally = this.#tallies.get(code) ?? new CodeTally();
    this.#tallies.set(code, tally);
    return tally;
  }
}
