import { exactSeconds } from "../engine/base/index.ts";
import type { CodeFigures, PhaseFigures } from "./summary.ts";
import { table } from "./table.ts";

/** A column: what is told of an operation code, once, or of each of its phases. */
type Column =
  | { readonly title: string; readonly ofCode: (figures: CodeFigures) => string }
  | { readonly title: string; readonly ofPhase: (figures: PhaseFigures) => string };

const COLUMNS: readonly Column[] = [
  { title: "code", ofCode: ({ code }) => code },
  { title: "count", ofCode: ({ count }) => String(count) },
  { title: "failed", ofCode: ({ failed }) => String(failed) },
  { title: "refused", ofCode: ({ refused }) => String(refused) },
  { title: "gas used/estimated", ofCode: ({ gasUsed, gasEstimated }) => `${gasUsed}/${gasEstimated}` },
  { title: "phase", ofPhase: ({ phase }) => phase },
  { title: "median", ofPhase: ({ median }) => exactSeconds(median) },
  { title: "p95", ofPhase: ({ p95 }) => exactSeconds(p95) },
  { title: "p99", ofPhase: ({ p99 }) => exactSeconds(p99) },
  { title: "max", ofPhase: ({ max }) => exactSeconds(max) },
];

/** Columns that go first where there is no room for all. */
const DISPENSABLE = ["gas used/estimated", "refused", "p99", "median"] as const;

/**
 * The closing table of a run: a row for each operation code and phase.
 *
 * @param width characters that a line may have: where they are too few, columns are left out that the report has
 */
export function operationsTable(
  rows: readonly CodeFigures[],
  width: number = Number.POSITIVE_INFINITY,
): string[] {
  for (let without = 0; ; without++) {
    const leftOut: readonly string[] = DISPENSABLE.slice(0, without);
    const lines = tableOf(
      rows,
      COLUMNS.filter(({ title }) => !leftOut.includes(title)),
    );
    const isTooWide = lines.some(({ length }) => length > width);
    if (!isTooWide || without === DISPENSABLE.length) return lines;
  }
}

function tableOf(rows: readonly CodeFigures[], columns: readonly Column[]): string[] {
  const cell = (column: Column, figures: CodeFigures, phase: PhaseFigures | undefined, isFirst: boolean) => {
    if ("ofCode" in column) return isFirst ? column.ofCode(figures) : "";
    return phase === undefined ? "" : column.ofPhase(phase);
  };
  return table([
    columns.map(({ title }) => title),
    ...rows.flatMap((figures) => {
      const phases = figures.phases.length === 0 ? [undefined] : figures.phases;
      return phases.map((phase, at) => columns.map((column) => cell(column, figures, phase, at === 0)));
    }),
  ]);
}
