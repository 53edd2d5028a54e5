import { afterAll, beforeAll, expect, test } from "vitest";
import { eventLines } from "../../stress/report/event-lines.ts";
import { openTestBed, runOn, type TestBed } from "./running.ts";

let bed: TestBed;

beforeAll(async () => {
  bed = await openTestBed();
});

afterAll(() => bed.close());

test("a run tells its phases and what it stops for, each with its time, in a group that ends before its report on GitHub", async () => {
  const printed: string[] = [];
  const looksOn = [eventLines((line) => printed.push(line), { GITHUB_ACTIONS: "true" })];
  await runOn(bed, {
    children: 2,
    operations: 6,
    duration: 600_000,
    shares: { 1: { PY: 100 }, 2: { PY: 100 } },
    looksOn,
  });
  const [first, ...rest] = printed;
  expect(first).toMatch(/^::group::.* on /);
  expect(rest.pop()).toBe("::endgroup::");
  for (const line of rest) expect(line).toMatch(/^\d\d:\d\d:\d\d \S/);
  const phases = rest.map((line) => /phase (\w+)/.exec(line)?.[1]).filter((one) => one !== undefined);
  expect(phases).toEqual(["funding", "load", "drain", "refund", "audit"]);
  expect(rest.some((line) => line.endsWith("stop level 1: it has done its operations"))).toBe(true);
});
