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

test("crossings whose events no node tells of are found by the contracts' own state, and none is called lost", async () => {
  const simulated = await simulate(2, { ...FAIR, nodes: { ...FAIR.nodes, blind: 0.5 } });
  expect(mistakes(simulated)).toEqual([]);
  expect(simulated.result?.audit.counts["paid once"]).toBeGreaterThan(0);
});

test.each([0, 1])("the world of seed %i", async (seed) => {
  expect(mistakes(await simulate(seed))).toEqual([]);
});
