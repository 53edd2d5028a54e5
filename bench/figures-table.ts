import { table } from "../stress/report/table.ts";
import type { Book } from "./book.ts";
import type { Figure, Measurement } from "./measurement.ts";

/** A value as people read it: three digits, or all before the point. What was not measured, as nothing was done, is null in JSON. */
export function shown(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return "none";
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(Math.abs(value) >= 10 ? 1 : 3);
}

/** A measurement's figures with their spread, those of the last time, and what was to be reached. @param isJudged whether they count */
export function figuresTable({ name, figures }: Measurement, book: Book, isJudged: boolean): string[] {
  const rows = figures.flatMap((figure) => {
    const now = book.figures[name]?.[figure.name];
    if (now === undefined) return [];
    const then = book.before[name]?.[figure.name];
    const last = then === undefined ? "" : shown(then.median);
    const spread = `${shown(now.least)} … ${shown(now.most)}`;
    const verdict = isJudged ? verdictOf(figure, now.median) : "";
    return [[figure.name, shown(now.median), spread, last, wantedOf(figure), verdict, figure.unit]];
  });
  return table([["figure", "median", "least … most", "last time", "wanted", "", "unit"], ...rows]);
}

function wantedOf({ wanted }: Figure): string {
  if (wanted === undefined) return "";
  return "atLeast" in wanted ? `≥ ${wanted.atLeast}` : `≤ ${wanted.atMost}`;
}

function verdictOf({ wanted }: Figure, value: number): string {
  if (wanted === undefined) return "";
  return ("atLeast" in wanted ? value >= wanted.atLeast : value <= wanted.atMost) ? "reached" : "NOT REACHED";
}
