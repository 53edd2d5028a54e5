import { expect, test } from "vitest";
import { bottlenecks } from "../../stress/engine/run/load/bottleneck.ts";
import { generatorLines } from "../../stress/report/generator-lines.ts";

const calm = { delayP99: 12.4, busy: 0.413, cpu: 0.456 };
const closed = undefined;
const open = (late: number) => ({ due: 1000, late });

test("the generator tells its own limits", () => {
  expect(bottlenecks(calm, closed)).toEqual([]);
  expect(generatorLines({ ...calm, bottlenecks: [] })).toEqual([
    "generator: event-loop delay p99 0.012 s, busy 41.3 % of the time, 0.46 of a core",
  ]);
});

test.each([
  [{ delayP99: 100 }, closed, undefined],
  [{ delayP99: 101 }, closed, "one turn of its event loop in a hundred came more than 0.100 s late"],
  [{ busy: 0.9 }, closed, undefined],
  [{ busy: 0.95 }, closed, "its event loop was busy for 95 % of the time"],
  [{}, open(10), undefined],
  [{}, open(11), "11 of 1000 starts came more than 0.100 s late"],
])("it was the bottleneck where it set the pace: %j of %j", (own, load, why) => {
  const signs = bottlenecks({ ...calm, ...own }, load);
  expect(signs).toEqual(why === undefined ? [] : [why]);
  const told = generatorLines({ ...calm, ...own, bottlenecks: signs })[1];
  expect(told).toBe(why === undefined ? undefined : `the generator was the bottleneck: ${why}`);
});

test("it tells all of its signs", () => {
  expect(bottlenecks({ delayP99: 200, busy: 1, cpu: 1 }, open(1000))).toHaveLength(3);
});
