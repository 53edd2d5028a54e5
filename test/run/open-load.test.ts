import { afterAll, beforeAll, expect, test } from "vitest";
import { checkJournal } from "../../stress/journal/check-journal.ts";
import { SkippingClock } from "../fakes/skipping-clock.ts";
import { openTestBed, runOn, type TestBed } from "./running.ts";

let bed: TestBed;

beforeAll(async () => {
  bed = await openTestBed();
});

afterAll(() => bed.close());

test("operations start on schedule on children that are free, and starts that find none are counted", async () => {
  const { result, records, printed, opLog } = await runOn(bed, {
    children: 2,
    operations: 20,
    duration: 600_000,
    // More than two children can do, each of whom waits for a block of 100 ms.
    rate: [{ from: 200, to: 200, ms: Number.POSITIVE_INFINITY }],
    startChain: 2,
    shares: { 1: {}, 2: { PY: 100 } },
  });
  expect(result).toMatchObject({ clean: true, failed: [], reason: { kind: "operations" } });
  expect(result).toConserveFunds();
  checkJournal(records);
  const { load } = result;
  if (load.model !== "open") throw new Error("it has a rate");
  expect(load.made).toBe(20);
  expect(load.missed).toBe(load.due - 20);
  expect(load.missed).toBeGreaterThan(0);
  expect(opLog).toContain(`# due=${load.due} missed=${load.missed} late=${load.late} latest=`);
  const { generator } = result;
  expect(generator?.busy).toBeGreaterThan(0);
  expect(generator?.cpu).toBeGreaterThan(0);
  expect(generator?.delayP99).toBeGreaterThanOrEqual(0);
  expect(printed.join("\n")).toMatch(
    / {2}generator: event-loop delay p99 [\d.]+ s, busy [\d.]+ % of the time/,
  );
  expect(printed.join("\n")).toMatch(
    /open load: [\d,]+ starts were due, 20 made; [\d,]+ missed: no child was free/,
  );
});

test("a schedule that has nothing due for long is no rest that ends the run", async () => {
  const clock = new SkippingClock();
  let isSkipped = false;
  const { result } = await runOn(bed, {
    children: 2,
    operations: 2,
    duration: 600_000,
    rate: [{ from: 1 / 30, to: 1 / 30, ms: Number.POSITIVE_INFINITY }],
    startChain: 2,
    shares: { 1: {}, 2: { PY: 100 } },
    clock,
    follow: [
      {
        "operation done": ({ code }) => {
          if (code !== "PY" || isSkipped) return;
          isSkipped = true;
          clock.skip(27_000);
        },
      },
    ],
  });
  expect(result).toMatchObject({ clean: true, failed: [], reason: { kind: "operations" } });
  expect(result.load).toMatchObject({ due: 2, made: 2, missed: 0 });
});
