import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { type OpLogRecord, parseOpLogLine } from "./parse-op-log.ts";

/** Names of an operation's phases, in their order. */
export const PHASES = ["submitted", "receipt", "finished"] as const;

/** How long the operations of one kind took to reach a phase. Milliseconds. */
export interface PhaseFigures {
  readonly phase: (typeof PHASES)[number];
  readonly median: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

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

/** The value below or at which this part of the sorted values lies (nearest rank); NaN of none. */
export function percentile(sorted: readonly number[], part: number): number {
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? Number.NaN;
}

class CodeTally {
  count = 0;
  failed = 0;
  refused = 0;
  gasUsed = 0n;
  gasEstimated = 0n;
  readonly reached: number[][] = PHASES.map(() => []);
}

/** Adds the records of a log up into figures for each operation code. */
export class Summary {
  readonly #tallies = new Map<string, CodeTally>();

  add(record: OpLogRecord): void {
    if (record.record === "comment") {
      const [, code] = /(?:^|\s)refused=([A-Z]{2})\b/.exec(record.text) ?? [];
      if (code !== undefined) this.#tally(code).refused++;
      return;
    }
    if (record.record !== "done") return;
    const tally = this.#tally(record.code);
    tally.count++;
    if (!record.succeeded) tally.failed++;
    tally.gasUsed += record.gasUsed;
    tally.gasEstimated += record.gasEstimated;
    // Times of failures would mix with times of what worked.
    if (record.succeeded) for (const [at, ms] of record.phases.entries()) tally.reached[at]?.push(ms);
  }

  rows(): CodeFigures[] {
    return [...this.#tallies]
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([code, { count, failed, refused, gasUsed, gasEstimated, reached }]) => ({
        code,
        count,
        failed,
        refused,
        gasUsed,
        gasEstimated,
        phases: PHASES.flatMap((phase, at) => {
          const sorted = (reached[at] ?? []).sort((a, b) => a - b);
          if (sorted.length === 0) return [];
          const at50 = percentile(sorted, 0.5);
          const [p95, p99, max] = [percentile(sorted, 0.95), percentile(sorted, 0.99), percentile(sorted, 1)];
          return [{ phase, median: at50, p95, p99, max }];
        }),
      }));
  }

  #tally(code: string): CodeTally {
    const tally = this.#tallies.get(code) ?? new CodeTally();
    this.#tallies.set(code, tally);
    return tally;
  }
}

/** The figures of the part of a log that begins at byte `start`: one run's, where it is the only one writing. */
export async function summarise(path: string, start: number): Promise<CodeFigures[]> {
  const summary = new Summary();
  for await (const line of createInterface({ input: createReadStream(path, { start }) })) {
    const record = parseOpLogLine(line);
    if (record !== undefined) summary.add(record);
  }
  return summary.rows();
}
