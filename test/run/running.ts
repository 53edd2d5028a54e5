import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { JsonRpcProvider } from "ethers";
import { startChainOf } from "../../fixtures/purse/funding.ts";
import { type FaultPlanInput, localStacks } from "../../fixtures/local-stack/index.ts";
import { type SpawnedStack, spawnStack } from "../../fixtures/local-stack/spawn.ts";
import { type LogPaths, logPaths } from "../../fixtures/run/logs.ts";
import "../../fixtures/run/matchers.ts";
import type { ScenarioPlan } from "../../fixtures/run/run-plan.ts";
import type { RunResult } from "../../fixtures/run/run-result.ts";
import { runScenario } from "../../fixtures/run/scenario.ts";
import { protocolOfTarget } from "../../fixtures/target/protocol.ts";
import type { Stack } from "../../fixtures/stack/stack.ts";
import { type Chain, type PerChain, perChain } from "../../stress/engine/base/chain.ts";
import type { Clock } from "../../stress/engine/base/clock.ts";
import { Stop } from "../../stress/engine/base/stop.ts";
import { type OpLogRecord, parseOpLog } from "../../stress/journal/parse-op-log.ts";
import { network } from "../../stress/platform/network.ts";
import type { LookOn } from "../../stress/report/onlooker.ts";
import { parseTarget } from "../../targets/load.ts";
import type { Target } from "../../targets/target.ts";
import { type Followers, followed } from "./follow-events.ts";

/** A local stack that is quick enough for tests, and what a run needs around it. */
export interface TestBed {
  readonly stack: Stack;
  readonly spawned: SpawnedStack;
  readonly providers: PerChain<JsonRpcProvider>;
  close(): Promise<void>;
}

const PORTS = { l1: 0, l2: 0, addresses: 0 };

/** Starts a local stack on free ports. */
export async function openTestBed(settings: Record<string, number> = {}): Promise<TestBed> {
  const quick = { l1BlockTime: 300, l2BlockTime: 100, fraudProofWindow: 1, ...settings };
  return testBedOn(await spawnStack("ovm2", localStacks.ovm2.settings.parse(quick), PORTS));
}

/** The same of the OP Stack. */
export async function openOpStack(
  settings: Record<string, number | string | undefined> = {},
): Promise<TestBed> {
  const quick = { l1BlockTime: 500, ...settings };
  return testBedOn(await spawnStack("op-stack", localStacks["op-stack"].settings.parse(quick), PORTS));
}

function testBedOn(spawned: SpawnedStack): TestBed {
  const { l1, l2, addresses } = spawned.description;
  const stack: Stack = {
    chains: perChain((chain) => ({
      endpoints: [chain === 1 ? l1 : l2],
      chainId: spawned.description.chainIds[chain - 1],
      confirmations: 0,
      gasMultiplier: 1.2,
      batchGasPriceGwei: undefined,
    })),
    addresses: { from: "server", url: addresses },
    origin: "a test's own stack",
  };
  const options = { cacheTimeout: -1, staticNetwork: true, pollingInterval: 50 };
  const providers = perChain(
    (chain) => new JsonRpcProvider(stack.chains[chain].endpoints[0], undefined, options),
  );
  return {
    stack,
    spawned,
    providers,
    close: async () => {
      for (const chain of [1, 2] as const) providers[chain].destroy();
      await spawned.close();
    },
  };
}

/** The target `local`, with what a test changes about it. */
export const testTarget = (changes: Record<string, unknown> = {}): Target =>
  parseTarget(JSON.stringify({ name: "local", stack: {}, ...changes }), "local.json", {});

/** The same of the target `local-op`. */
export const opStackTarget = (changes: Record<string, unknown> = {}): Target =>
  parseTarget(
    JSON.stringify({ name: "local-op", protocol: "op-stack", stack: {}, ...changes }),
    "local-op.json",
    {},
  );

/** A run in this process, with logs of its own. */
export interface TestRun {
  readonly result: RunResult;
  readonly records: readonly OpLogRecord[];
  readonly opLog: string;
  readonly logs: LogPaths;
  readonly printed: readonly string[];
}

/** What a test asks of a run. */
export interface TestPlan extends Partial<Omit<ScenarioPlan, "faults">> {
  readonly faults?: FaultPlanInput;
  readonly target?: Target;
  readonly startChain?: 0 | Chain;
  readonly control?: Stop;
  readonly logs?: LogPaths;
  /** In place of the machine's own time. */
  readonly clock?: Clock;
  readonly follow?: Followers;
  readonly looksOn?: readonly LookOn[];
}

/** Runs a scenario on the test bed. */
export async function runOn({ stack }: Pick<TestBed, "stack">, plan: TestPlan): Promise<TestRun> {
  const {
    target = testTarget(),
    startChain = 0,
    control = new Stop(),
    faults,
    clock,
    looksOn = [],
    ...more
  } = plan;
  const { protocol = protocolOfTarget(target), follow = [], ...rest } = more;
  const logs = plan.logs ?? logPaths(mkdtempSync(join(tmpdir(), "rollup-logs-")));
  const printed: string[] = [];
  const stage = {
    target,
    stack,
    control,
    logs,
    looksOn,
    print: (line: string) => void printed.push(line),
    // Whole lines, as the logs have them.
    columns: () => Number.POSITIVE_INFINITY,
    ...(clock === undefined ? {} : { network: { ...network, clock } }),
  };
  const result = await runScenario(stage, {
    scenario: "test",
    seed: 7,
    children: 6,
    inFlight: 1,
    protocol: followed(protocol, follow),
    startChainOf: (child) => startChainOf(startChain, child),
    shares: target.shares,
    duration: 3000,
    operations: Number.POSITIVE_INFINITY,
    dispatchInterval: 0,
    minimumBalance: target.funding.minimumBalance,
    limits: target.limits,
    faults: faults && localStacks[target.protocol].faultPlan.parse(faults),
    ...rest,
  });
  const opLog = readFileSync(logs.opLog, "utf8");
  return { result, opLog, records: parseOpLog(opLog), logs, printed };
}

/** The codes of operations that were done, in the order of their OP_DONE_. */
export const doneCodes = (records: readonly OpLogRecord[]): string[] =>
  records.flatMap((record) => (record.record === "done" ? [record.code] : []));
