import type { Detector } from "../../stress/engine/findings.ts";
import type { FaultPlanInput } from "../../fixtures/local-stack/faults/plan.ts";
import { runOn, type TestBed, type TestPlan, type TestRun, testTarget } from "../run/running.ts";

/** Limits under which a payout that is lost is noticed within seconds. Milliseconds. */
const QUICK = { slowAfter: 10_000, stuckAfter: 14_000, giveUpAfter: 15_000, toleratedFailures: 1000 };

/** Crossings of all kinds, and little else. */
const SHARES = { 1: { FO: 45, SO: 45 }, 2: { FX: 45, SX: 45 } };

/** Runs children through crossings on a stack that does something wrong. */
export function faultyRun(
  bed: TestBed,
  faults: FaultPlanInput["faults"],
  plan: TestPlan = {},
): Promise<TestRun> {
  const limits = { ...testTarget().limits, ...QUICK, ...plan.limits };
  const rest = { children: 8, duration: 8000, shares: SHARES, ...plan };
  return runOn(bed, { ...rest, limits, faults: { seed: 7, faults } });
}

/** The detectors that noticed something, each once. */
export const detectorsOf = ({ result }: TestRun): Detector[] => [
  ...new Set(result.findings.map(({ detector }) => detector)),
];
