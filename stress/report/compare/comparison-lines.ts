import { table } from "../table.ts";
import { type Compared, type Comparison, TAKEN_FOR_NOISE } from "./compare.ts";
import { LEAST_RUNS } from "./intervals.ts";

const shownIn: Readonly<Record<Compared["unit"], (value: number) => string>> = {
  s: (ms) => `${(ms / 1000).toFixed(3)} s`,
  "/s": (rate) => `${rate.toFixed(2)}/s`,
  "%": (part) => `${part.toFixed(2)} %`,
};

/** A figure as people read it. */
export const shownFigure = ({ unit }: Pick<Compared, "unit">, value: number): string => shownIn[unit](value);

const percent = (value: number): string => `${value >= 0 ? "+" : "−"}${Math.abs(100 * value).toFixed(1)} %`;

/** A comparison as a terminal shows it. */
export function comparisonLines({ differs, runs, figures }: Comparison): string[] {
  const rows = figures.map(({ figure, unit, before, now, change, said }) => [
    figure,
    shownIn[unit](before),
    shownIn[unit](now),
    change === undefined ? "" : percent(change.by),
    change === undefined ? "" : `${percent(change.from)} … ${percent(change.to)}`,
    said,
  ]);
  const how =
    runs >= LEAST_RUNS
      ? `The interval is where one more of the ${runs} earlier runs would lie, with 95 % (prediction interval of their logarithms).`
      : `The interval is of the change, with 95 %, by spans of time of each run (Hodges-Lehmann, Mann-Whitney). ` +
        `How runs differ is known from ${LEAST_RUNS} earlier ones on: until then ${100 * TAKEN_FOR_NOISE} % are taken for noise.`;
  return [
    ...differs.map((line) => `WARNING not under the same conditions: ${line}`),
    ...table([["figure", "before", "now", "change", "interval", ""], ...rows]),
    how,
  ];
}
