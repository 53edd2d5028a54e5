import { isLoad, loadOf } from "../load-figures.ts";
import type { ResultFile } from "../result/schema.ts";
import { amongRuns, betweenSpans, type Change, LEAST_RUNS, LEAST_SPANS } from "./intervals.ts";

/** Where there are too few earlier runs to know how runs differ, they are taken to differ by this much. */
export const TAKEN_FOR_NOISE = 0.2;

/** What a comparison says of a figure. */
export type Said = "better" | "worse" | "as before" | "cannot tell";

/** A figure of a run beside that of earlier ones. */
export interface Compared {
  readonly figure: string;
  readonly unit: "s" | "/s" | "%";
  /** The median of the earlier runs'. */
  readonly before: number;
  readonly now: number;
  /** Undefined where one of them is 0, or there is too little to tell by. */
  readonly change: Change | undefined;
  readonly said: Said;
}

/** What a run is compared with. */
export interface Comparison {
  /** Where conditions differ, what does: then nothing is told. */
  readonly differs: readonly string[];
  readonly runs: number;
  readonly figures: readonly Compared[];
}

interface Figure {
  readonly name: string;
  readonly unit: Compared["unit"];
  /** Whether more of it is better. */
  readonly isGood: boolean;
  of(result: ResultFile): number | undefined;
  /** The same of each span of time, where there are any. */
  spans?(result: ResultFile): readonly number[];
}

/** Compares a run with earlier ones under the same conditions. */
export function compareResults(before: readonly ResultFile[], now: ResultFile): Comparison {
  const differs = [...new Set(before.flatMap((one) => differences(one, now)))];
  const figures = figuresOf([...before, now]).flatMap((figure) => {
    const found = compare(figure, before, now, differs.length > 0);
    return found === undefined ? [] : [found];
  });
  return { differs, runs: before.length, figures };
}

function compare(
  figure: Figure,
  before: readonly ResultFile[],
  now: ResultFile,
  isOtherwise: boolean,
): Compared | undefined {
  const { name, unit, isGood } = figure;
  const earlier = before.flatMap((one) => figure.of(one) ?? []);
  const value = figure.of(now);
  if (earlier.length === 0 || value === undefined) return undefined;
  const told = { figure: name, unit, before: middle(earlier), now: value };
  // Where there never was any, one is news, and has no logarithm.
  if (!isOtherwise && earlier.every((one) => one === 0))
    return { ...told, change: undefined, said: value === 0 ? "as before" : isGood ? "better" : "worse" };
  const [change, worse, better] = changeOf(figure, before, earlier, now, value);
  const said =
    isOtherwise || change === undefined
      ? "cannot tell"
      : saidOf(isGood ? [better, worse] : [worse, better], change);
  return { ...told, change, said };
}

/** A change, and whether it is certainly more, or less, than noise; undefined where it may be either. */
type Judged = readonly [change: Change | undefined, more: boolean, less: boolean];

function changeOf(
  figure: Figure,
  before: readonly ResultFile[],
  earlier: readonly number[],
  now: ResultFile,
  value: number,
): Judged {
  const isAbove = value > 0 && earlier.every((one) => one > 0);
  if (isAbove && earlier.length >= LEAST_RUNS) {
    const change = amongRuns(earlier, value);
    return [change, change.by > change.to, change.by < change.from];
  }
  const [then, since] = [before.flatMap((one) => figure.spans?.(one) ?? []), figure.spans?.(now) ?? []];
  if (then.length < LEAST_SPANS || since.length < LEAST_SPANS) return [undefined, false, false];
  const change = betweenSpans(then, since);
  return [change, change.from > TAKEN_FOR_NOISE, change.to < 1 / (1 + TAKEN_FOR_NOISE) - 1];
}

function saidOf([isWorse, isBetter]: readonly [boolean, boolean], { by, from, to }: Change): Said {
  if (isWorse) return "worse";
  if (isBetter) return "better";
  // Of runs the interval is where one more would lie; of spans, where the change does.
  const isInside = by >= from && by <= to;
  const isNarrow = to - from < 4 * TAKEN_FOR_NOISE;
  return isInside && isNarrow ? "as before" : "cannot tell";
}

function figuresOf(results: readonly ResultFile[]): Figure[] {
  const codes = [...new Set(results.flatMap(({ operations }) => operations.figures.map(({ code }) => code)))]
    .filter(isLoad)
    .sort();
  return [
    { name: "throughput", unit: "/s", isGood: true, of: throughputOf },
    { name: "failures", unit: "%", isGood: false, of: failuresOf },
    ...codes.flatMap((code) =>
      (["median", "p95"] as const).map(
        (rank): Figure => ({
          name: `${code}.finished ${rank}`,
          unit: "s",
          isGood: false,
          of: (result) => finishedOf(result, code)?.[rank],
          spans: ({ operations }) =>
            operations.overTime.spans.flatMap((span) => {
              const ms = span[code]?.[rank];
              return ms === undefined || ms <= 0 ? [] : [ms];
            }),
        }),
      ),
    ),
  ];
}

const finishedOf = ({ operations }: ResultFile, code: string) =>
  operations.figures.find((one) => one.code === code)?.phases.find(({ phase }) => phase === "finished");

function throughputOf(result: ResultFile): number | undefined {
  const ms = result.time.phases.find(({ phase }) => phase === "load")?.ms;
  const { count, failed } = loadOf(result.operations.figures);
  return ms === undefined || ms === 0 ? undefined : (count - failed) / (ms / 1000);
}

function failuresOf(result: ResultFile): number | undefined {
  const { count, failed } = loadOf(result.operations.figures);
  return count === 0 ? undefined : (100 * failed) / count;
}

type Told = string | number | undefined;

/** Conditions that decide on figures. The seed does not: it is drawn. */
function differences({ conditions: one }: ResultFile, { conditions: other }: ResultFile): string[] {
  const told: Readonly<Record<string, readonly [Told, Told]>> = {
    target: [one.target, other.target],
    scenario: [one.scenario, other.scenario],
    protocol: [one.protocol, other.protocol],
    children: [one.children, other.children],
    options: [optionsOf(one), optionsOf(other)],
    cores: [one.environment?.cores, other.environment?.cores],
    processor: [one.environment?.processor, other.environment?.processor],
  };
  return Object.entries(told).flatMap(([name, [before, now]]) => {
    const [was, is] = [before, now].map((value) => String(value ?? "not known"));
    return was === is ? [] : [`${name}: ${was}, and now ${is}`];
  });
}

/** What does not change a load is left out. */
const optionsOf = ({ options }: ResultFile["conditions"]): string =>
  Object.entries(options)
    .filter(([name]) => !["seed", "gate", "baseline", "metrics", "no-worse", "own-stack"].includes(name))
    .map(([name, value]) => `--${name} ${JSON.stringify(value)}`)
    .sort()
    .join(" ");

function middle(all: readonly number[]): number {
  const sorted = all.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
}
