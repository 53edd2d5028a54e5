import { exactSeconds } from "../engine/base/index.ts";
import type { LoadFigures, SearchStep } from "../engine/run/index.ts";
import { table } from "./table.ts";

type Search = LoadFigures & { readonly model: "search" };

/** A rate as it is written in options: so many a second. */
export const perSecond = (rate: number): string => `${Number(rate.toPrecision(4))}/s`;

/** How far a search has come, in one line. */
export function searchLine({ steps, highest, isThrough }: Search): string {
  const found =
    highest === undefined ? "no rate held" : `${perSecond(highest)} is the highest rate that held`;
  const lowest = steps
    .filter(({ broken }) => broken.length > 0)
    .reduce<SearchStep | undefined>(
      (low, step) => (low === undefined || step.rate < low.rate ? step : low),
      undefined,
    );
  const above =
    lowest === undefined ? "" : `, ${perSecond(lowest.rate)} the lowest that broke${ownLimit(lowest)}`;
  const so = isThrough ? "" : " so far; the search is not through";
  return `search: rates tried ${steps.length}; ${found}${above}${so}`;
}

/** Where nothing broke that is the target's: a higher rate may hold all the same. */
function ownLimit({ measured, broken }: SearchStep): string {
  const limits = measured.filter(({ isHeld }) => !isHeld).map(({ limit }) => limit);
  if (limits.some((limit) => !limit.startsWith("missed"))) return "";
  const isGenerator = broken.length > limits.length;
  return isGenerator
    ? " (no limit of the target's did: the generator was the bottleneck)"
    : " (no limit of the target's did: too few --children)";
}

/** What a search found, with its evidence: a row for each rate that was tried. */
export function searchLines(search: Search): string[] {
  const { limits, steps } = search;
  const times = (steps[0]?.measured ?? []).flatMap(({ limit }, at) => (isTime(limit) ? [at] : []));
  const names = times.map((at) => nameOf(limits[at] ?? ""));
  const head = ["rate", "for", "achieved", "started", "missed", "failed", ...names];
  return [
    `each rate had to hold ${limits.join(", ")}, and the generator to keep up:`,
    ...(steps.length === 0
      ? []
      : withVerdicts(table([head, ...steps.map((step) => row(step, times))]), steps)),
  ];
}

const isTime = (limit: string): boolean => limit.includes("(");

const nameOf = (limit: string): string => limit.replace(/<.*$/, "");

/** Words of any length stand to the left, behind the columns of figures. */
const withVerdicts = (lines: readonly string[], steps: readonly SearchStep[]): string[] =>
  lines.map((line, at) => `${line}  ${at === 0 ? "verdict" : verdictOf(steps[at - 1]?.broken ?? [])}`);

const verdictOf = (broken: readonly string[]): string =>
  broken.length === 0 ? "held" : `broke: ${broken.join("; ")}`;

function row(step: SearchStep, times: readonly number[]): string[] {
  const { rate, ms, achieved, due, missed, failed, measured } = step;
  const values = times.map((at) => {
    const value = measured[at]?.value;
    return value === undefined ? "-" : exactSeconds(value);
  });
  return [
    perSecond(rate),
    exactSeconds(ms),
    perSecond(achieved),
    String(due - missed),
    String(missed),
    String(failed),
    ...values,
  ];
}
