import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type RateStage, Schedule } from "../../../../stress/engine/run/load/schedule.ts";

const FOREVER = Number.POSITIVE_INFINITY;

describe("a schedule", () => {
  test("of one rate starts evenly, from the beginning on", () => {
    const schedule = new Schedule([{ from: 4, to: 4, ms: FOREVER }]);
    expect([0, 1, 2, 3, 4, 4000].map((start) => schedule.at(start))).toEqual([0, 250, 500, 750, 1000, 1e6]);
  });

  test("climbs from nothing, and holds its last rate after its last stage", () => {
    // 5 starts in the first second, 50 in the next five, 10 a second from then on.
    const schedule = new Schedule([
      { from: 0, to: 10, ms: 1000 },
      { from: 10, to: 10, ms: 5000 },
    ]);
    expect(schedule.at(0)).toBe(0);
    expect(schedule.at(1)).toBeCloseTo(Math.sqrt(0.2) * 1000, 6);
    expect([5, 6, 55, 65].map((start) => schedule.at(start))).toEqual([1000, 1100, 6000, 7000]);
  });

  test("waits where a stage starts nothing, and ends where the last rate is 0", () => {
    const schedule = new Schedule([
      { from: 0, to: 0, ms: 3000 },
      { from: 2, to: 0, ms: 2000 },
    ]);
    expect(schedule.at(0)).toBe(3000);
    expect(schedule.at(1)).toBeLessThan(5000);
    expect(schedule.at(2)).toBe(FOREVER);
  });
});

const stage = fc.record({
  from: fc.integer({ min: 0, max: 1000 }),
  to: fc.integer({ min: 0, max: 1000 }),
  ms: fc.integer({ min: 1, max: 100_000 }),
});

/** Starts up to a time, from the beginning: the integral of the rate. */
function integral(stages: readonly RateStage[], until: number): number {
  let [starts, since] = [0, 0];
  for (const { from, to, ms } of stages) {
    const within = Math.min(Math.max(until - since, 0), ms);
    starts += ((from + (to - from) * (within / ms / 2)) * within) / 1000;
    since += ms;
  }
  return starts + ((stages.at(-1)?.to ?? 0) * Math.max(until - since, 0)) / 1000;
}

test("each start is due when so many are, whatever the stages, and none before the one ahead of it", () => {
  fc.assert(
    fc.property(
      fc.array(stage, { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 1, max: 20_000 }),
      (stages, start) => {
        const schedule = new Schedule(stages);
        const [before, at] = [schedule.at(start - 1), schedule.at(start)];
        expect(at).toBeGreaterThanOrEqual(before);
        // Where it is never due, all starts that there are came before it.
        const missing = start - integral(stages, Math.min(at, 1e9));
        expect(missing).toBeGreaterThan(-1e-3);
        expect(missing).toBeLessThan(at === FOREVER ? Number.POSITIVE_INFINITY : 1e-3);
      },
    ),
  );
});
