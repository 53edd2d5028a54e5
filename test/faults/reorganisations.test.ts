import { expect, test } from "vitest";
import { openTestBed, type TestBed, type TestRun, testTarget } from "../run/running.ts";
import { again, allIsWell, sawReorganisations } from "./cases.ts";
import { detectorsOf, faultyRun, warningsOf } from "./faulty-run.ts";
import type { FaultyPlan } from "./faulty-run.ts";
import { reorganised, reorganisedOften, takenBack } from "./signs.ts";

const CASES = ([1, 2] as const).flatMap((chain) => [1, 3, 10].map((depth) => ({ chain, depth })));

const count = ({ opLog }: TestRun, what: string): number =>
  opLog.match(new RegExp(`^# (funder-)?${what}=`, "gm"))?.length ?? 0;

async function run(plan: FaultyPlan): Promise<TestRun> {
  const bed: TestBed = await openTestBed({ l2BlockTime: 250 });
  try {
    return await faultyRun(bed, { children: 20, shares: testTarget().shares, ...plan });
  } finally {
    await bed.close();
  }
}

test.each(CASES)("a reorganisation of L$chain of depth $depth costs nothing", async ({ chain, depth }) => {
  const faults = again({ fault: "reorganisation", chain, depth } as const);
  // One block may have nothing of ours.
  const done = await run({ faults, sign: depth > 1 ? takenBack : reorganised });
  const { result } = done;
  expect(detectorsOf(done), warningsOf(done)).toEqual(["reorganisation"]);
  allIsWell(done);
  sawReorganisations(done, chain);
  // What was taken back is told, and mined again, be its operation done or not.
  expect(result.chains[chain].takenBack).toBeGreaterThan(depth > 1 ? 0 : -1);
  expect(count(done, "taken-back")).toBe(result.chains[chain].takenBack);
  expect(count(done, "mined-again")).toBe(result.chains[chain].takenBack);
});

test("reorganisations of both chains, one after the other, cost nothing", async () => {
  const faults = ([1, 2] as const).flatMap((chain) =>
    again({ fault: "reorganisation", chain, depth: 4, keep: 0 } as const),
  );
  const done = await run({ faults, sign: reorganisedOften(3) });
  allIsWell(done);
  for (const chain of [1, 2] as const) {
    sawReorganisations(done, chain);
    expect(done.result.chains[chain].reorganisations.length).toBeGreaterThanOrEqual(3);
  }
  expect(done.result.chains[2].rebroadcast).toBeGreaterThan(0);
});
