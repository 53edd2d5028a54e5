import { setTimeout as sleep } from "node:timers/promises";
import type { z } from "zod";
import type { faultPlan } from "../../fixtures/local-stack/ovm2/faults/plan.ts";
import { Stop } from "../../stress/engine/base/stop.ts";
import type { Detector } from "../../stress/report/findings.ts";
import { runOn, type TestBed, type TestPlan, type TestRun, testTarget } from "../run/running.ts";
import { enoughDone, type Sign } from "./signs.ts";

/** Limits that no machine is so busy as to come near. Milliseconds. */
const PATIENT = { slowAfter: 60_000, stuckAfter: 90_000, giveUpAfter: 95_000, toleratedFailures: 1000 };

/** Milliseconds after which the load ends though the run noticed nothing: the test fails by what it did not find. */
const LONGEST_MS = 120_000;

/** Crossings of all kinds, and little else. */
const SHARES = { 1: { FO: 45, SO: 45 }, 2: { FX: 45, SX: 45 } };

/** What a plan of one fault is told by, and how the run is set up for it. */
export interface FaultyPlan extends Omit<TestPlan, "faults" | "limits" | "duration" | "control" | "follow"> {
  readonly faults: z.input<typeof faultPlan>["faults"];
  readonly limits?: Partial<typeof PATIENT>;
  /** When the load ends, something having been injected; without it, after thirty operations. */
  readonly sign?: Sign;
}

/** Runs children through crossings on a stack that does something wrong, until they noticed it. */
export async function faultyRun(bed: TestBed, plan: FaultyPlan): Promise<TestRun> {
  const { faults, limits, sign = enoughDone(), ...more } = plan;
  const control = new Stop();
  const noticed = new AbortController();
  const follow = [sign(() => noticed.abort())];
  const all = { ...testTarget().limits, ...PATIENT, ...limits };
  const rest = { children: 10, duration: LONGEST_MS, shares: SHARES, ...more, control, follow };
  const ended = new AbortController();
  const running = runOn(bed, { ...rest, limits: all, faults: { seed: 7, faults } });
  const over = running.finally(() => ended.abort());
  while (!ended.signal.aborted && !(noticed.signal.aborted && (await hasInjected(bed)))) {
    await Promise.race([over, sleep(50)]);
  }
  control.raise(1, { kind: "finished" });
  return over;
}

async function hasInjected({ stack: { addresses } }: TestBed): Promise<boolean> {
  if (addresses.from !== "server") throw new Error("a stack that takes faults has a server");
  const response = await fetch(new URL("/faults", addresses.url));
  return ((await response.json()) as unknown[]).length > 0;
}

/** The detectors that noticed something, each once. */
export const detectorsOf = ({ result }: TestRun): Detector[] => [
  ...new Set(result.findings.map(({ detector }) => detector)),
];
