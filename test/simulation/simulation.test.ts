import { describe, expect, test } from "vitest";
import { mistakes } from "./oracle.ts";
import { OP_SEEDS, SEEDS } from "./seeds.ts";
import { simulate } from "./simulate.ts";
import { verdictOf } from "./verdict.ts";
import { PROTOCOL_NAMES } from "./world/protocol-names.ts";
import { FAIR } from "./world/weather.ts";

test.each(PROTOCOL_NAMES)(
  "a run on %s in a world in which nothing goes wrong is clean, and told as that",
  async (protocol) => {
    const simulated = await simulate(1, { weather: FAIR, protocol });
    expect(mistakes(simulated)).toEqual([]);
    expect(simulated.result?.clean).toBe(true);
    expect(simulated.result?.findings).toEqual([]);
    expect(simulated.result?.operations).toBeGreaterThan(20);
  },
);

test("crossings whose events no node tells of are found by the contracts' own state, and none is called lost", async () => {
  const simulated = await simulate(2, { weather: { ...FAIR, parts: { ...FAIR.parts, blind: 0.5 } } });
  expect(mistakes(simulated)).toEqual([]);
  expect(simulated.result?.audit.counts["paid once"]).toBeGreaterThan(0);
});

test.each(PROTOCOL_NAMES)("a world of %s is the same each time it is simulated", async (protocol) => {
  const [one, again] = [await simulate(3, { protocol }), await simulate(3, { protocol })];
  expect(again.opLog).toBe(one.opLog);
  expect(again.world.time.now).toBe(one.world.time.now);
});

describe.each([
  ["ovm2", SEEDS],
  ["op-stack", OP_SEEDS],
] as const)("the world of %s of seed", (protocol, seeds) => {
  test.each(Array.from({ length: seeds }, (_, seed) => seed))("%i", async (seed) => {
    expect((await verdictOf({ seed, protocol })).mistakes).toEqual([]);
  });
});
