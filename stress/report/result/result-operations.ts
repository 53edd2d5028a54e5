import type { CodeFigures } from "../summary.ts";
import { journalLines } from "./journal-lines.ts";
import { type OperationPath, partsOf } from "./operation-path.ts";
import type { Span } from "./operations-over-time.ts";
import type { Recording } from "./recording.ts";
import type { ResultFile, ResultOperation } from "./schema.ts";

/** To a microsecond: more digits say nothing, and take room. */
const rounded = (ms: number): number => Math.round(ms * 1000) / 1000;

/** Leaves out what is undefined, which JSON has no word for. */
export const defined = <T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };

/** An operation as a result has it. */
export function resultOperation(path: OperationPath): ResultOperation {
  const { gasUsed, gasEstimated, phases, transactions, why, ...same } = path;
  return {
    ...same,
    ...(why === undefined ? {} : { why }),
    gasUsed: String(gasUsed),
    gasEstimated: String(gasEstimated),
    phases: phases.map(([phase, since]) => [phase, rounded(since)]),
    parts: partsOf(path).map(({ part, ms }) => ({ part, ms: rounded(ms) })),
    transactions: transactions.map(({ seen, ...one }) => ({
      ...defined(one),
      ...(seen === undefined ? {} : { seen: rounded(seen) }),
    })),
    journal: journalLines(path),
  };
}

/** The counts of a run's operations. */
export type OperationCounts = Pick<ResultFile["operations"], "performed" | "failed" | "abandoned">;

/** A result's part on operations. */
export function resultOperations(
  { paths, overTime }: Recording,
  figures: readonly CodeFigures[],
  counts: OperationCounts,
): ResultFile["operations"] {
  const { kept, more } = paths.failures();
  return {
    ...counts,
    figures: figures.map(({ gasUsed, gasEstimated, phases, ...one }) => ({
      ...one,
      gasUsed: String(gasUsed),
      gasEstimated: String(gasEstimated),
      phases: phases.map((phase) => ({ ...phase, histogram: phase.histogram.map(([ms, of]) => [ms, of]) })),
    })),
    slowest: [...paths.slowest().values()].flat().map(resultOperation),
    failures: kept.map(resultOperation),
    moreFailures: more,
    overTime: {
      from: overTime.from ?? 0,
      spanMs: overTime.spanMs,
      spans: overTime.spans().map(resultSpan),
    },
  };
}

const resultSpan = (span: Span): ResultFile["operations"]["overTime"]["spans"][number] =>
  Object.fromEntries(
    Object.entries(span).map(([code, { slowest, ...figures }]) => [
      code,
      slowest === undefined ? figures : { ...figures, slowest: resultOperation(slowest) },
    ]),
  );
