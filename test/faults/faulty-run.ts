import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { Injected } from "../../fixtures/local-stack/faults/injected.ts";
import type { FaultPlanInput } from "../../fixtures/local-stack/index.ts";
import { CHAINS } from "../../stress/engine/base/chain.ts";
import { Stop } from "../../stress/engine/base/stop.ts";
import type { Detector } from "../../stress/report/findings.ts";
import { SkippingClock } from "../fakes/skipping-clock.ts";
import { runOn, type TestBed, type TestPlan, type TestRun, testTarget } from "../run/running.ts";
import { enoughDone, type Sign } from "./signs.ts";

const MINUTE_MS = 60_000;

/** Limits that no machine is so busy as to come near. Milliseconds. */
const PATIENT = {
  slowAfter: 10 * MINUTE_MS,
  stuckAfter: 20 * MINUTE_MS,
  giveUpAfter: 21 * MINUTE_MS,
  toleratedFailures: 1000,
};

/** Milliseconds after which the load ends though the run noticed nothing: the test fails by what it did not find. */
const LONGEST_MS = 4 * MINUTE_MS;

/** Crossings of all kinds, and little else. */
const SHARES = { 1: { FO: 45, SO: 45 }, 2: { FX: 45, SX: 45 } };

/** What a plan of one fault is told by, and how the run is set up for it. */
export interface FaultyPlan extends Omit<TestPlan, "faults" | "limits" | "duration" | "control" | "follow"> {
  readonly faults: FaultPlanInput["faults"];
  readonly limits?: Partial<typeof PATIENT>;
  /** When the load ends, something having been injected; without it, after thirty operations. */
  readonly sign?: Sign;
  /** Whether that is all that was to be injected: the load goes on until then. By default it is something. */
  readonly isAll?: (injected: readonly Injected[]) => boolean;
  /** Milliseconds after which the load ends whatever was noticed. */
  readonly longest?: number;
  /** What is hit never arrives: the time in which it would is skipped once all else is done. */
  readonly neverArrives?: true;
}

/** Runs children through crossings on a stack that does something wrong, until they noticed it. */
export async function faultyRun(bed: Pick<TestBed, "stack">, plan: FaultyPlan): Promise<TestRun> {
  const { faults, limits, sign = enoughDone(), neverArrives = false, ...others } = plan;
  const { isAll = ({ length }) => length > 0, longest = LONGEST_MS, ...more } = others;
  const control = new Stop();
  const noticed = new AbortController();
  let open = 0;
  const count = { "operation started": () => void open++, "operation done": () => void open-- };
  const follow = [sign(() => noticed.abort()), count];
  const all = { ...testTarget().limits, ...PATIENT, ...limits };
  const rest = { children: 10, duration: longest, shares: SHARES, ...more, control, follow };
  const ended = new AbortController();
  const clock = new SkippingClock();
  const timed = neverArrives ? { clock } : {};
  const running = runOn(bed, {
    ...rest,
    ...timed,
    limits: all,
    faults: { seed: 7, faults } as FaultPlanInput,
  });
  const over = running.finally(() => ended.abort());
  const until = async (holds: () => Promise<boolean>): Promise<void> => {
    while (!ended.signal.aborted && !(await holds())) await Promise.race([over, sleep(50)]);
  };
  await until(async () => noticed.signal.aborted && isAll(await injectedBy(bed)));
  control.raise(1, { kind: "finished" });
  if (neverArrives) {
    await until(async () => open <= (await injectedBy(bed)).length);
    clock.skip(2 * all.giveUpAfter);
  }
  return over;
}

/** What a stack did wrong so far. */
async function injectedBy({ stack: { addresses } }: Pick<TestBed, "stack">): Promise<readonly Injected[]> {
  if (addresses.from !== "server") throw new Error("a stack that takes faults has a server");
  const response = await fetch(new URL("/faults", addresses.url));
  return (await response.json()) as Injected[];
}

/** What the watchers warned of: why one noticed what nobody did. */
export const warningsOf = ({ logs }: TestRun): string =>
  CHAINS.map((chain) => readFileSync(logs.watcher[chain], "utf8").match(/^.*WARNING.*$/gm) ?? [])
    .flat()
    .join("\n");

/** The detectors that noticed something, each once. */
export const detectorsOf = ({ result }: TestRun): Detector[] => [
  ...new Set(result.findings.map(({ detector }) => detector)),
];
