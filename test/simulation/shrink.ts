import type { Only, Selection } from "./selection.ts";
import type { Verdict } from "./verdict.ts";
import type { Hazard } from "./world/hazards.ts";
import type { Trait } from "./world/weather.ts";

/** Runs a world and tells what became of it. */
export type Judge = (selection: Selection) => Promise<Verdict>;

/** A world in which something is wrong, and what. */
export interface Failing {
  readonly selection: Selection;
  readonly verdict: Verdict;
}

/** Seconds that children are driven where that is enough. */
const LOADS = [1, 2, 5, 10];
const CHILDREN = [1, 2, 3];

/**
 * Takes out of a world in which something is wrong whatever it is wrong without: traits, children, time, and of the hazards that
 * are left each single strike. What remains is the least that can be found by leaving things out, not the least there is.
 *
 * @returns undefined where nothing is wrong with the whole of it
 */
export async function shrink(whole: Selection, judge: Judge): Promise<Failing | undefined> {
  const verdict = await judge(whole);
  if (verdict.mistakes.length === 0) return undefined;
  let least: Failing = { selection: whole, verdict };
  const holds = async (change: Partial<Selection>): Promise<boolean> => {
    const selection = { ...least.selection, ...change };
    const now = await judge(selection);
    if (now.mistakes.length > 0) least = { selection, verdict: now };
    return now.mistakes.length > 0;
  };
  const known: Only = whole.only ?? new Map(verdict.traits.map((trait) => [trait, undefined]));
  const onlyOf = (traits: readonly Trait[]): Only =>
    new Map(traits.map((trait) => [trait, known.get(trait)]));
  if (!(await holds({ only: known }))) return least;
  await fewer([...known.keys()], (traits) => holds({ only: onlyOf(traits) }));
  await first(CHILDREN, (children) => holds({ children }));
  await first(LOADS, (load) => holds({ load }));
  for (const trait of least.selection.only?.keys() ?? []) {
    const struck = least.verdict.strikes[trait as Hazard] ?? 0;
    const numbers = [...(least.selection.only?.get(trait) ?? Array.from({ length: struck }, (_, at) => at))];
    const withStrikes = (left: readonly number[]): Only =>
      new Map(least.selection.only).set(trait, new Set(left));
    await fewer(numbers, (left) =>
      left.length === 0 ? Promise.resolve(false) : holds({ only: withStrikes(left) }),
    );
  }
  return least;
}

/** Leaves out ever smaller parts of a list, as long as what is left holds. */
async function fewer<T>(items: readonly T[], holds: (left: readonly T[]) => Promise<boolean>): Promise<void> {
  let left = items;
  for (let size = left.length; size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < left.length; ) {
      const rest = left.filter((_, index) => index < at || index >= at + size);
      if (await holds(rest)) left = rest;
      else at += size;
    }
  }
}

/** Tries one after the other until one holds. */
async function first<T>(items: readonly T[], holds: (item: T) => Promise<boolean>): Promise<void> {
  for (const item of items) if (await holds(item)) return;
}
