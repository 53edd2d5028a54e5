import { expect } from "vitest";
import type { z } from "zod";
import type { OwnFaultPlan, faultPlan } from "../../../../fixtures/local-stack/op-stack/faults/plan.ts";
import type { Generation, StackSettings } from "../../../../fixtures/local-stack/op-stack/settings.ts";
import type { CrossingClass } from "../../../../stress/engine/audit/crossing-audit.ts";
import { isConserved } from "../../../../stress/engine/audit/index.ts";
import type { Detector } from "../../../../stress/report/findings.ts";
import { detectorsOf, faultyRun, type FaultyPlan, warningsOf } from "../../../faults/faulty-run.ts";
import {
  openOpStack,
  opStackTarget,
  runOn,
  type TestBed,
  type TestPlan,
  type TestRun,
} from "../../../run/running.ts";

/** Limits under which a payout that is lost is noticed within seconds. Milliseconds. */
const QUICK = { slowAfter: 60_000, stuckAfter: 20_000, giveUpAfter: 25_000, toleratedFailures: 1000 };

/** A fault, the detectors that must notice it (and no other may), and what they must have found. */
interface Shown {
  readonly name: string;
  readonly generation?: Generation;
  readonly settings?: Partial<StackSettings>;
  readonly faults: z.input<typeof faultPlan>["faults"];
  readonly detectors: readonly Detector[];
  /** Whether they may find nothing as well. */
  readonly mayGoUnnoticed?: boolean;
  check(run: TestRun): void;
}

/** One whose load lasts for a while. */
export interface OpFaultCase extends Shown, Omit<TestPlan, "faults" | "limits"> {
  readonly limits?: Partial<typeof QUICK>;
}

/** One whose load lasts until it was noticed, however slow the machine is. */
export interface PatientCase extends Shown, Omit<FaultyPlan, "faults" | "target"> {}

/** Milliseconds for which a load goes on though nothing was noticed, and an endpoint may be silent, on the slowest of machines. */
const LONGEST_MS = 20 * 60_000;

/** Milliseconds after which a test of this kind is given up. */
export const GIVEN_UP_MS = 2 * LONGEST_MS;

const patientTarget = () => opStackTarget({ limits: { endpointDeadAfter: `${LONGEST_MS}ms` } });

export type OwnFault = OwnFaultPlan["fault"];

/** Of block times. With games by L2 time each block of L2 has a second, which should not be too many. Milliseconds. */
const quick = (generation: Generation) => ({
  l1BlockTime: 300,
  l2BlockTime: generation === "super" ? 250 : 100,
});

/** Deposits and withdrawals, and little else. */
export const SHARES = { 1: { SO: 95 }, 2: { SX: 95 } };

/** Shows that a fault is noticed by its own detectors and by no other, on a stack of its own: what it did stays. */
export const show = ({ limits, ...one }: OpFaultCase): Promise<void> =>
  shown(one, (bed) => {
    const { faults, ...plan } = one;
    const target = opStackTarget();
    const all = { ...target.limits, ...QUICK, ...limits };
    const rest = { children: 10, duration: 6000, shares: SHARES, target, ...plan };
    return runOn(bed, { ...rest, limits: all, faults: { seed: 7, faults } });
  });

/** The same with as much time as it takes. */
export const showPatiently = (one: PatientCase): Promise<void> =>
  shown(one, (bed) =>
    faultyRun(bed, { shares: SHARES, ...one, longest: LONGEST_MS, target: patientTarget() }),
  );

async function shown(one: Shown, run: (bed: TestBed) => Promise<TestRun>): Promise<void> {
  const { generation = "games", settings, detectors, mayGoUnnoticed = false } = one;
  const bed = await openOpStack({ generation, ...quick(generation), ...settings });
  try {
    const ran = await run(bed);
    expect(ran.result.injected.length).toBeGreaterThan(0);
    const found = detectorsOf(ran);
    if (!(mayGoUnnoticed && found.length === 0)) expect(found, warningsOf(ran)).toEqual(detectors);
    one.check(ran);
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
