import { exactSeconds, type SearchLimit } from "../../base/index.ts";
import type { Performed } from "../../events.ts";

/** Operations of each kind that is limited which a step is to start: fewer tell little of a percentile. */
const ENOUGH = 20;

/** What a step measured for one of its limits. */
export interface Measured {
  /** The limit as it was written. */
  readonly limit: string;
  /** Milliseconds of a time, a part of 1 of failures and missed starts; undefined where there was nothing to measure. */
  readonly value: number | undefined;
  /** Of how many operations, or starts. */
  readonly of: number;
  readonly isHeld: boolean;
}

/** Phases of every operation, in the order in which `Performed` has them. */
const PHASES = ["submitted", "receipt", "finished"];

function reachedAfter({ phases, ownPhases = [] }: Performed, phase: string): number | undefined {
  const at = PHASES.indexOf(phase);
  return at >= 0 ? phases[at] : ownPhases.find(([name]) => name === phase)?.[1];
}

/** The operations that one step started, held against the limits of the search. */
export class StepTally {
  readonly #limits: readonly SearchLimit[];
  readonly #started = new Map<string, number>();
  readonly #times = new Map<SearchLimit, number[]>();
  succeeded = 0;
  failed = 0;

  constructor(limits: readonly SearchLimit[]) {
    this.#limits = limits;
  }

  started(code: string): void {
    this.#started.set(code, (this.#started.get(code) ?? 0) + 1);
  }

  /** Whether so many operations of each kind that is limited were started that their times tell something. */
  get isEnough(): boolean {
    return this.#limits.every(
      (limit) => limit.kind !== "time" || (this.#started.get(limit.code) ?? 0) >= ENOUGH,
    );
  }

  done(performed: Performed): void {
    if (performed.outcome.kind === "failed") this.failed++;
    if (performed.outcome.kind !== "succeeded") return;
    this.succeeded++;
    for (const limit of this.#limits) {
      if (limit.kind !== "time" || limit.code !== performed.code) continue;
      const ms = reachedAfter(performed, limit.phase);
      if (ms === undefined) continue;
      const times = this.#times.get(limit) ?? [];
      times.push(ms);
      this.#times.set(limit, times);
    }
  }

  /** To be asked when all operations that were started are over. */
  measured({ due, missed }: { readonly due: number; readonly missed: number }): Measured[] {
    return this.#limits.map((limit) => {
      if (limit.kind === "time") {
        const times = this.#times.get(limit) ?? [];
        return held(limit, percentile(times, limit.part), times.length);
      }
      const all = limit.kind === "missed" ? due : this.failed + this.succeeded;
      const count = limit.kind === "missed" ? missed : this.failed;
      // Without any operation none failed.
      return held(limit, all === 0 ? 0 : count / all, all);
    });
  }
}

function held(limit: SearchLimit, value: number | undefined, of: number): Measured {
  const isHeld = value !== undefined && (limit.isInclusive ? value <= limit.bound : value < limit.bound);
  return { limit: limit.text, value, of, isHeld };
}

/** By nearest rank; undefined of none. */
const percentile = (times: readonly number[], part: number): number | undefined =>
  times.toSorted((a, b) => a - b)[Math.max(1, Math.ceil(part * times.length)) - 1];

/** What was measured, as a person reads it. */
export function describeMeasured({ limit, value, of }: Measured): string {
  if (value === undefined) return `${limit}: nothing to measure`;
  return /^(failures|missed)/.test(limit)
    ? `${limit}: ${Number((value * 100).toFixed(2))} % of ${of}`
    : `${limit}: ${exactSeconds(value)} of ${of}`;
}
