import { expect } from "vitest";
import type { z } from "zod";
import type { OwnFaultPlan, faultPlan } from "../../../../fixtures/local-stack/op-stack/faults/plan.ts";
import type { Generation, StackSettings } from "../../../../fixtures/local-stack/op-stack/settings.ts";
import type { CrossingClass } from "../../../../stress/engine/audit/crossing-audit.ts";
import { isConserved } from "../../../../stress/engine/audit/index.ts";
import type { Detector } from "../../../../stress/report/findings.ts";
import { detectorsOf } from "../../../faults/faulty-run.ts";
import { openOpStack, runOn, type TestPlan, type TestRun, testTarget } from "../../../run/running.ts";

/** Limits under which a payout that is lost is noticed within seconds. Milliseconds. */
const QUICK = { slowAfter: 60_000, stuckAfter: 20_000, giveUpAfter: 25_000, toleratedFailures: 1000 };

/** A fault, the detectors that must notice it (and no other may), and what they must have found. */
export interface OpFaultCase extends Omit<TestPlan, "faults" | "limits"> {
  readonly name: string;
  readonly generation?: Generation;
  readonly settings?: Partial<StackSettings>;
  readonly faults: z.input<typeof faultPlan>["faults"];
  readonly limits?: Partial<typeof QUICK>;
  readonly detectors: readonly Detector[];
  /** Whether they may find nothing as well. */
  readonly mayGoUnnoticed?: boolean;
  check(run: TestRun): void;
}

export type OwnFault = OwnFaultPlan["fault"];

/** Of block times. With games by L2 time each block of L2 has a second, which should not be too many. Milliseconds. */
const quick = (generation: Generation) => ({
  l1BlockTime: 300,
  l2BlockTime: generation === "super" ? 250 : 100,
});

/** Deposits and withdrawals, and little else. */
export const SHARES = { 1: { SO: 95 }, 2: { SX: 95 } };

/** Shows that a fault is noticed by its own detectors and by no other, on a stack of its own: what it did stays. */
export async function show({ generation = "games", settings, ...one }: OpFaultCase): Promise<void> {
  const bed = await openOpStack({ generation, ...quick(generation), ...settings });
  try {
    const { faults, limits, detectors, mayGoUnnoticed = false, ...plan } = one;
    const target = testTarget({ name: "local-op", protocol: "op-stack" });
    const all = { ...target.limits, ...QUICK, ...limits };
    const rest = { children: 10, duration: 6000, shares: SHARES, target, ...plan };
    const run = await runOn(bed, { ...rest, limits: all, faults: { seed: 7, faults } });
    expect(run.result.injected.length).toBeGreaterThan(0);
    const found = detectorsOf(run);
    if (!(mayGoUnnoticed && found.length === 0)) expect(found).toEqual(detectors);
    one.check(run);
  } finally {
    await bed.close();
  }
}

/** The ids of messages that were hit are those of the crossings in this class, and no more. */
export function sameMessages({ result }: TestRun, is: CrossingClass): void {
  const found = result.audit.exceptions.filter((one) => one.class === is);
  const hit = new Set(result.injected.map(({ message }) => message));
  expect(new Set(found.map(({ message }) => message))).toEqual(hit);
  expect(found).toHaveLength(hit.size);
}

/** Nothing is wrong with the money, nor with any operation. */
export function allIsWell(run: TestRun): void {
  allIsPaid(run);
  expect(run.result.failed).toEqual([]);
}

/** Nothing is wrong with the money, whatever became of operations. */
export function allIsPaid({ result }: TestRun): void {
  expect(result.ledger.unaccounted).toEqual({ 1: 0n, 2: 0n });
  expect(isConserved(result.ledger)).toBe(true);
  expect(result).toPayExactlyOnce();
  expect(result.unreturned).toBeLessThanOrEqual(result.dust);
  expect(result.clean).toBe(true);
}
