import { expect, test } from "vitest";
import { wordsOf } from "./selection.ts";
import { type Judge, shrink } from "./shrink.ts";
import type { Trait } from "./world/weather.ts";

const TRAITS: readonly Trait[] = ["stale", "lostAnswers", "reorganisations", "jitter"];

/** A world that is wrong where its third lost answer meets its second reorganisation, and two children are there for 2 s. */
const judge: Judge = async ({ only, children = 4, load = 20 }) => {
  const has = (trait: Trait, strike: number): boolean =>
    only === undefined || (only.has(trait) && (only.get(trait)?.has(strike) ?? true));
  const isWrong = has("lostAnswers", 3) && has("reorganisations", 2) && children >= 2 && load >= 2;
  const traits = only === undefined ? TRAITS : [...only.keys()];
  return {
    mistakes: isWrong ? ["wrong"] : [],
    traits,
    strikes: { lostAnswers: 40, reorganisations: 5, stale: 300 },
  };
};

test("a world is shrunk to what it is wrong by", async () => {
  const failing = await shrink({ seed: 7 }, judge);
  if (failing === undefined) throw new Error("it was wrong");
  expect(wordsOf(failing.selection)).toBe(
    "--seed 7 --only lostAnswers:3,reorganisations:2 --children 2 --load 2",
  );
  expect(failing.verdict.mistakes).toEqual(["wrong"]);
});

test("of a world in which all is well nothing is left", async () => {
  expect(await shrink({ seed: 7, load: 1 }, judge)).toBeUndefined();
});
