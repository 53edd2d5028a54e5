import { describe, expect, test } from "vitest";
import { mistakes } from "./oracle.ts";
import { SEEDS } from "./seeds.ts";
import { simulate } from "./simulate.ts";
import { verdictOf } from "./verdict.ts";
import { FAIR } from "./world/weather.ts";

test("a run in a world in which nothing goes wrong is clean, and told as that", async () => {
  const simulated = await simulate(1, { weather: FAIR });
  expect(mistakes(simulated)).toEqual([]);
  expect(simulated.result?.clean).toBe(true);
  expect(simulated.result?.findings).toEqual([]);
  expect(simulated.result?.operations).toBeGreaterThan(20);
});

test("crossings whose events no node tells of are found by the contracts' own state, and none is called lost", async () => {
  const simulated = await simulate(2, { weather: { ...FAIR, parts: { ...FAIR.parts, blind: 0.5 } } });
  expect(mistakes(simulated)).toEqual([]);
  expect(simulated.result?.audit.counts["paid once"]).toBeGreaterThan(0);
});

test("a world is the same each time it is simulated", async () => {
  const [one, again] = [await simulate(3), await simulate(3)];
  expect(again.opLog).toBe(one.opLog);
  expect(again.world.time.now).toBe(one.world.time.now);
});

describe("the world of seed", () => {
  test.each(Array.from({ length: SEEDS }, (_, seed) => seed))("%i", async (seed) => {
    expect((await verdictOf({ seed })).mistakes).toEqual([]);
  });
});
