import type { TestProject } from "vitest/node";
import { accountStorage } from "../fixtures/accounts/account-storage.ts";
import { checkLogs, logPaths } from "../fixtures/run/logs.ts";
import { checkBaseline } from "../fixtures/run/baseline.ts";
import { checkGates } from "../fixtures/run/gate-request.ts";
import { searchInvalid, searchMistakes } from "../fixtures/run/search-request.ts";
import { DEFAULT_CHILDREN, startChainOf } from "../fixtures/purse/funding.ts";
import type { RunOptions, StressOptions } from "../fixtures/run/options.ts";
import { returnLeftovers } from "../fixtures/recovery/leftovers.ts";
import { openStack, type OpenStack, type Stack } from "../fixtures/stack/stack.ts";
import { readFaultPlan } from "../fixtures/stack/faults.ts";
import { sliceOf, targetOfShard } from "../fixtures/shard/shard.ts";
import { protocolOfTarget } from "../fixtures/target/protocol.ts";
import { preflight } from "../fixtures/target/preflight.ts";
import { tracesEndpoint } from "../fixtures/onlookers/traces-endpoint.ts";
import { presentable, StressError } from "../stress/engine/base/index.ts";
import { endpointName } from "../stress/engine/rpc/index.ts";
import { fitted, LOG_WIDTH } from "../stress/report/fitted.ts";
import { targetOf } from "../targets/load.ts";
import type { Target } from "../targets/target.ts";
import { fillFromKeystore } from "./keystore-variables.ts";
import { checkHost } from "./check-host.ts";
import { startControlServer } from "./control-server.ts";
import type { MetricsServer } from "./metrics-server.ts";
import { OPTIONS_VARIABLE } from "./options.mjs";
import { openLiveView } from "./live-view.ts";
import { openShard } from "./open-shard.ts";
import { drawSeed } from "./seed.ts";
import { sweepAccounts } from "./sweep-accounts.ts";
import { locked } from "./target-lock.ts";
import { windowOf } from "./vitest-window.ts";

declare module "vitest" {
  interface ProvidedContext {
    stressOptions: RunOptions;
    stressStack: Stack;
    stressControl: string;
    /** Of the socket over which metrics are asked for; empty where nobody wants them. */
    stressMetrics: string;
    /** Of the socket over which runs tell how they are; empty where nobody watches. */
    stressView: string;
  }
}

/** Before any stress spec: reads the target, opens its chains, checks both, and takes over the signals. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  // Whatever fails on the way, what was opened before it is closed: a local stack would keep this process for ever.
  const opened = new AsyncDisposableStack();
  try {
    checkHost(project);
    await open(project, opened);
  } catch (thrown) {
    await opened.disposeAsync();
    const error = presentable(thrown);
    if (!(error instanceof StressError)) throw error;
    // vitest would print a stack trace and exit with 1.
    console.error(`\n${error.render()}\n`);
    process.exit(2);
  }
  return () => opened.disposeAsync();
}

/** @param opened gets what is to be closed in the end, in the order in which it was opened */
async function open(project: TestProject, opened: AsyncDisposableStack): Promise<void> {
  // Standard output is the reporter's: its JSON must stay JSON.
  const { logger } = project.vitest;
  const say = (line: string): void => {
    const width = process.stdout.isTTY ? process.stdout.columns : LOG_WIDTH;
    for (const one of fitted(`[stress] ${line}`, width)) logger.error(one);
  };
  const given = JSON.parse(process.env[OPTIONS_VARIABLE] ?? "{}") as Partial<StressOptions>;
  const options = { target: "local", seed: drawSeed(), ...given };
  const traces = tracesEndpoint();
  if (traces !== undefined) say(`a trace of each crossing goes to ${endpointName(traces)}`);
  const metrics = await serveMetrics(options.metrics, say, opened);
  const stack = await prepare(options, given.seed !== undefined, say, opened);
  const { chains, addresses, origin, fork } = stack;
  const control = await startControlServer(say);
  opened.defer(async () => {
    await control.close();
    if (control.orphans.length === 0) return;
    process.exitCode ||= 1;
    say(`the worker of ${control.orphans.join(", ")} died: sweeping its accounts`);
    await sweepAccounts(options, stack, say);
  });
  project.provide("stressOptions", options);
  project.provide("stressStack", { chains, addresses, origin, ...(fork === undefined ? {} : { fork }) });
  project.provide("stressControl", control.address);
  project.provide("stressMetrics", metrics?.address ?? "");
  project.provide("stressView", await openView(project, opened));
  say(`seed ${options.seed}; the same seed gives the same accounts and choices (--seed ${options.seed})`);
}

/** Shows runs live, where there is a terminal to show them in. Returns where they are to tell how they are. */
async function openView({ vitest }: TestProject, opened: AsyncDisposableStack): Promise<string> {
  const window = windowOf(vitest, process.stdout);
  if (window === undefined) return "";
  const view = await openLiveView(window, process.stdout);
  opened.defer(() => view.close());
  return view.address;
}

/**
 * Serves metrics, where they are asked for: before anything else is started, as its port may be taken.
 *
 * @throws {StressError} PORT_IN_USE or SETTING_INVALID
 */
async function serveMetrics(
  at: string | undefined,
  say: (line: string) => void,
  opened: AsyncDisposableStack,
): Promise<MetricsServer | undefined> {
  if (at === undefined) return undefined;
  // A tenth of a second to load: only where somebody wants to see them.
  const { startMetricsServer } = await import("./metrics-server.ts");
  const server = await startMetricsServer(at);
  opened.defer(() => server.close());
  say(`metrics at ${server.url}`);
  return server;
}

/** @throws {StressError} FAULT_PLAN_INVALID or FAULTS_REFUSED */
function checkFaults({ name, place, protocol }: Target, path: string): void {
  readFaultPlan(path, protocol);
  if (place.kind !== "endpoints") return;
  throw new StressError(
    "FAULTS_REFUSED",
    `target ${name} is no local stack: nothing can be injected into it`,
    'leave --faults out, or take a target with a "stack", or a fork (--fork)',
  );
}

/** @throws {StressError} REQUEST_INVALID where the target's protocol has no such operation */
function checkSearch(target: Target, search: string): void {
  const mistakes = searchMistakes(search, protocolOfTarget(target));
  if (mistakes.length > 0) throw searchInvalid(mistakes);
}

async function prepare(
  options: RunOptions,
  isSeedGiven: boolean,
  say: (line: string) => void,
  opened: AsyncDisposableStack,
): Promise<OpenStack> {
  await fillFromKeystore(options);
  const whole = targetOf(options);
  const target = targetOfShard(whole, options.shard);
  // A worker would find a wrong setting, a full disk, or a mistake in a fault plan, only after all checks.
  accountStorage();
  checkLogs(logPaths(), target.name);
  if (options.faults !== undefined) checkFaults(target, options.faults);
  if (options.search !== undefined) checkSearch(target, options.search);
  checkBaseline(options);
  for (const limits of [options.gate, target.gate])
    if (limits !== undefined) checkGates(limits, protocolOfTarget(target));
  const stack = await openStack(target, { isOwn: options["own-stack"] ?? false });
  opened.defer(() => stack.close());
  // Nobody else can reach a stack of one's own.
  if (!stack.isPrivate) {
    const lock = await locked(target, stack);
    opened.defer(() => lock.release());
  }
  const { shard } = options;
  const all = options.children ?? DEFAULT_CHILDREN;
  const children = shard === undefined ? all : sliceOf(all, shard);
  if (shard !== undefined) await openShard({ whole, target, stack, shard, children }, say, opened);
  // A seed that was drawn has no earlier run, and a private stack none of any seed.
  if (isSeedGiven && !stack.isPrivate) {
    const checked = await preflight(target, stack);
    await returnLeftovers(target, stack, checked, logPaths(), { seed: options.seed, children }, say);
  }
  const { warnings } = await preflight(target, stack, {
    planned: { children, startChainOf: (child) => startChainOf(target.startChain, child) },
  });
  say(`target ${target.name}: ${stack.origin}`);
  if (stack.fork !== undefined) {
    say("on a fork these stand in for the target's own; a run proves nothing of what they replace:");
    for (const line of stack.fork.standIns) say(`  ${line}`);
  }
  for (const warning of warnings) say(`WARNING ${warning}`);
  return stack;
}
