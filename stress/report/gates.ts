import { describeDuration, type Gate } from "../engine/base/index.ts";
import type { LoadFigures } from "../engine/run/index.ts";
import { loadOf } from "./load-figures.ts";
import type { SlowOperation } from "./result/kept-paths.ts";
import type { CodeFigures, PhaseFigures } from "./summary.ts";

/** As much of a run as its gates are checked by. */
export interface GatedRun {
  readonly figures: readonly CodeFigures[];
  readonly load: LoadFigures;
  /** How long the load lasted. Milliseconds. */
  readonly loadMs: number;
  readonly slowest: readonly SlowOperation[];
  /** Where its reports are. */
  readonly folder: string;
}

/** What became of a gate. */
export interface GateCheck {
  readonly holds: boolean;
  /** The figure, in words; of what there was none, that. */
  readonly found: string;
  /** The operations that were worst by it, a line each. */
  readonly worst: readonly string[];
}

/** Checks one gate. What there is no figure of does not hold: a gate that nothing passed is not open. */
export function checkGate(gate: Gate, run: GatedRun): GateCheck {
  switch (gate.kind) {
    case "time":
      return checkTime(gate, run);
    case "failures": {
      const { count, failed } = loadOf(run.figures);
      return part(gate, failed, count, "operations failed");
    }
    case "missed": {
      const { load } = run;
      if (load.model === "closed")
        return { holds: true, found: "no start is due in a closed load", worst: [] };
      return part(gate, load.missed, load.due, "starts were missed");
    }
    case "throughput": {
      const { count, failed } = loadOf(run.figures);
      const rate = (count - failed) / (run.loadMs / 1000);
      const found = `${rate.toFixed(2)}/s: ${count - failed} operations in ${describeDuration(run.loadMs)}`;
      return { holds: rate >= gate.bound, found, worst: [] };
    }
  }
}

/** What a gate that does not hold is told as. */
export function gateFailure(gate: Gate, { found, worst }: GateCheck, { folder }: GatedRun): string {
  return [
    `${gate.text} does not hold: ${found}`,
    ...worst.map((line) => `  ${line}`),
    `  more in ${folder}`,
  ].join("\n");
}

type Limit = Extract<Gate, { readonly isInclusive: boolean }>;

const isBelow = ({ bound, isInclusive }: Limit, value: number): boolean =>
  isInclusive ? value <= bound : value < bound;

function part(gate: Limit, some: number, all: number, what: string): GateCheck {
  const share = all === 0 ? 0 : some / all;
  return {
    holds: isBelow(gate, share),
    found: `${(100 * share).toFixed(2)} %: ${some} of ${all} ${what}`,
    worst: [],
  };
}

function checkTime(gate: Extract<Gate, { kind: "time" }>, run: GatedRun): GateCheck {
  const { code, phase, part: rank } = gate;
  const times = run.figures.find((one) => one.code === code)?.phases.find((one) => one.phase === phase);
  if (times === undefined) return { holds: false, found: `no ${code} came to ${phase}`, worst: [] };
  const value = percentileOf(times, rank);
  const worst = run.slowest
    .filter((one) => one.code === code && one.phase === phase)
    .map(
      ({ child, ms, hash }) =>
        `child ${String(child).padStart(3, "0")}  ${seconds(ms)}  ${hash ?? "without a transaction"}`,
    );
  return { holds: isBelow(gate, value), found: `${seconds(value)}, of ${times.count} operations`, worst };
}

/** Those that every run tells are exact; others are told by the histogram, to two digits. Milliseconds. */
function percentileOf({ median, p95, p99, max, count, histogram }: PhaseFigures, part: number): number {
  const known = new Map([
    [0.5, median],
    [0.95, p95],
    [0.99, p99],
    [1, max],
  ]).get(part);
  if (known !== undefined) return known;
  const rank = Math.max(1, Math.ceil(part * count));
  let seen = 0;
  for (const [ms, own] of histogram) if ((seen += own) >= rank) return ms;
  return max;
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(3)} s`;
