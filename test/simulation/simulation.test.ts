import { expect, test } from "vitest";
import { mistakes } from "./oracle.ts";
import { simulate } from "./simulate.ts";
import { FAIR } from "./world/weather.ts";

test("a run in a world in which nothing goes wrong is clean, and told as that", async () => {
  const simulated = await simulate(1, FAIR);
  expect(mistakes(simulated)).toEqual([]);
  expect(simulated.result?.clean).toBe(true);
  expect(simulated.result?.findings).toEqual([]);
  expect(simulated.result?.operations).toBeGreaterThan(20);
});

test.each([0, 1])("the world of seed %i", async (seed) => {
  expect(mistakes(await simulate(seed))).toEqual([]);
});
