import * as fc from "fast-check";
import { expect, test } from "vitest";
import { newestBlockAt } from "../../fixtures/local-stack/fork/newest-block.ts";
import { runs } from "../fakes/property.ts";

const increasing = fc
  .array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 300 })
  .map((steps) => steps.reduce<number[]>((times, step) => [...times, (times.at(-1) ?? 0) + step], []));

test("the newest block that is not younger is found, whatever the blocks' times", async () => {
  await fc.assert(
    fc.asyncProperty(increasing, fc.nat({ max: 1000 }), async (times, time) => {
      const asked: number[] = [];
      const found = await newestBlockAt(times.length - 1, time, async (block) => {
        asked.push(block);
        return times[block] ?? Number.NaN;
      });
      expect(found).toBe(
        Math.max(
          0,
          times.findLastIndex((one) => one <= time),
        ),
      );
      for (const block of asked) expect(times[block]).toBeDefined();
      expect(asked.length).toBeLessThanOrEqual(20);
    }),
    runs(100),
  );
});

test("only blocks near the head are asked for where that is enough", async () => {
  const asked: number[] = [];
  await newestBlockAt(1_000_000, 999_990, async (block) => {
    asked.push(block);
    return block;
  });
  expect(Math.min(...asked)).toBeGreaterThan(999_980);
});
