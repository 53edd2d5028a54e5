import { exactSeconds } from "../engine/base/index.ts";
import type { CodeFigures } from "./summary.ts";
import { table } from "./table.ts";

/** The closing table of a run: a row for each operation code and phase. */
export function operationsTable(rows: readonly CodeFigures[]): string[] {
  const head = [
    "code",
    "count",
    "failed",
    "refused",
    "gas used/estimated",
    "phase",
    "median",
    "p95",
    "p99",
    "max",
  ];
  return table([
    head,
    ...rows.flatMap(({ code, count, failed, refused, gasUsed, gasEstimated, phases }) => {
      const figures = [code, count, failed, refused, `${gasUsed}/${gasEstimated}`].map(String);
      if (phases.length === 0) return [[...figures, "", "", "", "", ""]];
      return phases.map(({ phase, median, p95, p99, max }, at) => [
        ...(at === 0 ? figures : ["", "", "", "", ""]),
        phase,
        ...[median, p95, p99, max].map(exactSeconds),
      ]);
    }),
  ]);
}
