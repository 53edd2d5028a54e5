import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestBed, type TestBed } from "../run/running.ts";
import { detectorsOf, faultyRun } from "./faulty-run.ts";

let bed: TestBed;

beforeAll(async () => {
  bed = await openTestBed();
});

afterAll(() => bed.close());

const PATHS = ["deposits", "fast exits", "slow exits"] as const;

test("none", async () => {
  const run = await faultyRun(bed, [{ fault: "stop service", service: "fast relayer", after: "1h" }]);
  console.log(JSON.stringify(run.result.findings), run.printed.slice(-30).join("\n"));
});

test.each(PATHS)("drop %s", async (path) => {
  const run = await faultyRun(bed, [{ fault: "drop relay", path, most: 1 }]);
  console.log(path, JSON.stringify(run.result.findings), JSON.stringify(run.result.injected), run.printed.slice(-20).join("\n"));
});

test.each(PATHS)("dup %s", async (path) => {
  const run = await faultyRun(bed, [{ fault: "duplicate relay", path, most: 1 }]);
  console.log(path, JSON.stringify(run.result.findings), JSON.stringify(run.result.injected), run.printed.slice(-20).join("\n"));
});
