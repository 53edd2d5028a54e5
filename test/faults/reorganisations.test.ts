import { expect, test } from "vitest";
import { openTestBed, type TestBed, type TestRun, testTarget } from "../run/running.ts";
import { allIsWell, sawReorganisation } from "./cases.ts";
import { detectorsOf, faultyRun } from "./faulty-run.ts";
import type { FaultyPlan } from "./faulty-run.ts";

const LIMITS = { slowAfter: 60_000, stuckAfter: 90_000, giveUpAfter: 95_000 };

const CASES = ([1, 2] as const).flatMap((chain) => [1, 3, 10].map((depth) => ({ chain, depth })));

const count = ({ opLog }: TestRun, what: string): number =>
  opLog.match(new RegExp(`^# (funder-)?${what}=`, "gm"))?.length ?? 0;

async function run(plan: Omit<FaultyPlan, "limits">): Promise<TestRun> {
  const bed: TestBed = await openTestBed({ l2BlockTime: 250 });
  try {
    return await faultyRun(bed, { children: 20, limits: LIMITS, shares: testTarget().shares, ...plan });
  } finally {
    await bed.close();
  }
}

test.each(CASES)("a reorganisation of L$chain of depth $depth costs nothing", async ({ chain, depth }) => {
  const fault = { fault: "reorganisation", chain, depth, after: "2s" } as const;
  const done = await run({ faults: [fault], duration: 5000 + depth * 400 });
  const { result } = done;
  expect(detectorsOf(done)).toEqual(["reorganisation"]);
  allIsWell(done);
  sawReorganisation(done, chain, depth);
  // What was taken back is told, and mined again, be its operation done or not. One block may have nothing of ours.
  expect(result.chains[chain].takenBack).toBeGreaterThan(depth > 1 ? 0 : -1);
  expect(count(done, "taken-back")).toBe(result.chains[chain].takenBack);
  expect(count(done, "mined-again")).toBe(result.chains[chain].takenBack);
});

test("reorganisations of both chains, one after the other, cost nothing", async () => {
  const faults = ([1, 2] as const).flatMap((chain) =>
    [1, 4, 7].map((at) => ({ fault: "reorganisation", chain, depth: 4, keep: 0, after: `${at}s` }) as const),
  );
  const done = await run({ faults, duration: 10_000 });
  allIsWell(done);
  expect(done.result.chains[1].reorganisations).toHaveLength(3);
  expect(done.result.chains[2].reorganisations).toHaveLength(3);
  expect(done.result.chains[2].rebroadcast).toBeGreaterThan(0);
});
