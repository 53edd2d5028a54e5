import * as fc from "fast-check";
import { expect, test } from "vitest";
import { RecentTimes } from "../../../stress/report/live/recent-times.ts";

test("percentiles are of the last minute, and of nothing where nothing ended in it", () => {
  const times = new RecentTimes();
  expect(times.percentiles([0.5], 0)).toBeUndefined();
  for (let second = 0; second < 60; second++) times.add(100, second * 1000);
  for (let second = 60; second < 130; second++) times.add(900, second * 1000);
  expect(times.percentiles([0.5, 0.95], 130_000)).toEqual([900, 900]);
  expect(times.percentiles([0.5], 300_000)).toBeUndefined();
});

test("what ended less than 55 s ago counts, and what ended more than 65 s ago does not", () => {
  const ended = fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 0, max: 20_000 })), {
    minLength: 1,
    maxLength: 100,
  });
  fc.assert(
    fc.property(ended, (all) => {
      const times = new RecentTimes();
      let now = 0;
      const at = all.map(([ms, after]) => {
        now += after;
        times.add(ms, now);
        return { ms, now };
      });
      const since = (age: number): number[] => at.filter((one) => now - one.now < age).map(({ ms }) => ms);
      const [least = Number.NaN, most = Number.NaN] = times.percentiles([0, 1], now) ?? [];
      const [surely, perhaps] = [since(55_000), since(65_000)];
      expect(least).toBeLessThanOrEqual(Math.min(...surely));
      expect(most).toBeGreaterThanOrEqual(Math.max(...surely));
      expect(least).toBeGreaterThanOrEqual(Math.min(...perhaps));
      expect(most).toBeLessThanOrEqual(Math.max(...perhaps));
    }),
  );
});
