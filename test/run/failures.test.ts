import { afterAll, beforeAll, expect, test } from "vitest";
import { SkippingClock } from "../fakes/skipping-clock.ts";
import type { Followers } from "./follow-events.ts";
import { openTestBed, runOn, type TestBed, testTarget } from "./running.ts";
import { unpaidExit } from "./unpaid-exit.ts";

const HOUR_MS = 3_600_000;

let bed: TestBed;

beforeAll(async () => {
  bed = await openTestBed();
});

afterAll(() => bed.close());

const DRIVEN = { children: 2, startChain: 2, duration: Number.POSITIVE_INFINITY } as const;

test("a fast exit that the pool cannot pay is settled back: it failed, and its money is on L2 again", async () => {
  const { result, opLog } = await runOn(bed, {
    ...DRIVEN,
    limits: { ...testTarget().limits, toleratedFailures: 1 },
    drive: async ([child]) => {
      const performed = await unpaidExit(bed, child);
      expect(performed?.outcome).toEqual({ kind: "failed", reason: "settled back" });
      expect(performed?.steps.at(-1)?.end).toMatchObject({ kind: "settled back", chain: 2 });
      expect(child?.on).toBe(2);
    },
  });
  expect(opLog).toMatch(
    /^# failed=FX child=000 reason=settled-back tx=0x[0-9a-f]{64}\nOP_DONE_,000,FX,1,0,\d+\/\d+,/m,
  );
  expect(result.failed).toHaveLength(1);
  expect(result).toConserveFunds();
  expect(result.audit.counts).toMatchObject({ "settled back": 1, lost: 0 });
  expect(result.reason).toEqual({ kind: "finished" });
  expect(result.unreturned).toBeLessThanOrEqual(result.dust);
});

test("more failures than tolerated end the run, which still gives everything back", async () => {
  const { result } = await runOn(bed, {
    ...DRIVEN,
    drive: async ([child]) => void (await unpaidExit(bed, child)),
  });
  expect(result.reason).toEqual({ kind: "failures", count: 1, tolerated: 0 });
  expect(result.clean).toBe(true);
});

test("an operation that is stuck ends the run, and one that is given up makes it a dirty shutdown", async () => {
  const slow = await openTestBed({ fraudProofWindow: 36_000 });
  const clock = new SkippingClock();
  let mined = 0;
  const follow: Followers = [
    {
      // Both wait for nothing but their payouts now.
      "operation mined": ({ code }) => {
        if (code === "SX" && ++mined === 2) clock.skip(2 * HOUR_MS);
      },
    },
  ];
  try {
    const limits = { ...testTarget().limits, stuckAfter: HOUR_MS, giveUpAfter: 1.5 * HOUR_MS };
    const shares = { 1: { PY: 0 }, 2: { SX: 100, PY: 0 } };
    const plan = { children: 2, startChain: 2, duration: 3 * HOUR_MS } as const;
    const { result, opLog } = await runOn(slow, { ...plan, limits, shares, clock, follow });
    expect(result.reason).toMatchObject({ kind: "stuck", code: "SX" });
    expect(result.abandoned).toHaveLength(2);
    // Overdue without a payout: as far as the run can tell, the money is lost.
    expect(result.audit.counts.lost).toBe(2);
    expect(() => expect(result).toPayExactlyOnce()).toThrow("lost");
    expect(result.clean).toBe(false);
    expect(result.unreturned).toBeGreaterThan(10n ** 17n);
    expect(opLog).toMatch(/^# abandoned=SX child=00\d waiting-for=payout tx=0x/m);
    expect(opLog.trimEnd().split("\n").at(-1)).toMatch(/^# Dirty shutdown at /);
  } finally {
    await slow.close();
  }
});

test("a pool's exit fee is approved once and paid in tokens, and what is left of them comes back", async () => {
  const withFee = await openTestBed({ exitFee: 10 });
  try {
    const { result, opLog } = await runOn(withFee, {
      children: 1,
      startChain: 2,
      duration: Number.POSITIVE_INFINITY,
      drive: async ([child]) => {
        for (const code of ["FX", "FO", "FX"])
          expect((await child?.perform(code))?.outcome).toEqual({ kind: "succeeded" });
      },
    });
    expect(opLog.match(/^# approval=FX child=000 tx=/gm)).toHaveLength(1);
    // Fee tokens are part of the books.
    expect(result).toConserveFunds();
    expect(result).toPayExactlyOnce();
    expect(result.failed).toEqual([]);
    expect(result.clean).toBe(true);
  } finally {
    await withFee.close();
  }
});
