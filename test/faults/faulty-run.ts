import type { z } from "zod";
import type { faultPlan } from "../../fixtures/local-stack/ovm2/faults/plan.ts";
import type { Detector } from "../../stress/report/findings.ts";
import { runOn, type TestBed, type TestPlan, type TestRun, testTarget } from "../run/running.ts";

/** Limits under which a payout that is lost is noticed within seconds. Milliseconds. */
const QUICK = { slowAfter: 9000, stuckAfter: 10_000, giveUpAfter: 11_000, toleratedFailures: 1000 };

/** Crossings of all kinds, and little else. */
const SHARES = { 1: { FO: 45, SO: 45 }, 2: { FX: 45, SX: 45 } };

/** What a plan of one fault is told by, and how the run is set up for it. */
export interface FaultyPlan extends Omit<TestPlan, "faults" | "limits"> {
  readonly faults: z.input<typeof faultPlan>["faults"];
  readonly limits?: Partial<typeof QUICK>;
}

/** Runs children through crossings on a stack that does something wrong. */
export function faultyRun(bed: TestBed, { faults, limits, ...plan }: FaultyPlan): Promise<TestRun> {
  const all = { ...testTarget().limits, ...QUICK, ...limits };
  const rest = { children: 10, duration: 5000, shares: SHARES, ...plan };
  return runOn(bed, { ...rest, limits: all, faults: { seed: 7, faults } });
}

/** The detectors that noticed something, each once. */
export const detectorsOf = ({ result }: TestRun): Detector[] => [
  ...new Set(result.findings.map(({ detector }) => detector)),
];
