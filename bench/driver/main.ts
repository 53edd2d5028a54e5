// One run of the suite in a process of its own, everything on: journal, books, audit. Told by its argument, tells its parent what it measured.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startChainOf } from "../../fixtures/purse/funding.ts";
import { logPaths } from "../../fixtures/run/logs.ts";
import { runScenario } from "../../fixtures/run/scenario.ts";
import { protocolOfTarget } from "../../fixtures/target/protocol.ts";
import { perChain, Stop } from "../../stress/engine/base/index.ts";
import { parseOpLog } from "../../stress/journal/parse-op-log.ts";
import { network } from "../../stress/platform/network.ts";
import { parseTarget } from "../../targets/load.ts";
import type { Driven, DriverTold } from "./told.ts";

const told = JSON.parse(process.argv[2] ?? "{}") as DriverTold;

/** Operations that are under way when the load ends are done within this. Milliseconds. */
const DRAIN_MS = 1500;

/** What was used until a moment. */
interface Sample {
  readonly at: number;
  readonly cpuMs: number;
  readonly calls: number;
  readonly requests: number;
}

let calls = 0;
let requests = 0;

/** The machine's own network, and what is asked by it counted. */
const counting = {
  ...network,
  carrier: (endpoint: URL, timeout: number) => {
    const carrier = network.carrier(endpoint, timeout);
    const exchange = carrier.exchange.bind(carrier);
    carrier.exchange = (sent) => {
      calls += sent.length;
      requests++;
      return exchange(sent);
    };
    return carrier;
  },
};

const samples: Sample[] = [];
const sample = (): void => {
  const { user, system } = process.cpuUsage();
  samples.push({ at: Date.now(), cpuMs: (user + system) / 1000, calls, requests });
};

/** The last sample at or before a moment. */
const sampleAt = (at: number): Sample =>
  samples.findLast((one) => one.at <= at) ?? samples[0] ?? { at, cpuMs: 0, calls: 0, requests: 0 };

const home = mkdtempSync(join(tmpdir(), "rollup-bench-"));
const logs = logPaths(home);
const name = told.protocol === "ovm2" ? "local" : "local-op";
const limits = { maxFundEth: 1_000_000 };
const funder = told.funderKey === undefined ? {} : { funder: { key: told.funderKey } };
const file = { name, protocol: told.protocol, stack: {}, funding: told.funding, limits, ...funder };
const target = parseTarget(JSON.stringify(file), `${name}.json`, {});
const stack = {
  chains: perChain((chain) => ({
    endpoints: [told.endpoints[chain - 1] ?? ""] as const,
    chainId: told.chainIds[chain - 1] ?? 0,
    confirmations: 0,
    gasMultiplier: 1.2,
    batchGasPriceGwei: undefined,
  })),
  addresses: { from: "server", url: told.addresses } as const,
  origin: "the benchmark's own",
};
const sampling = setInterval(sample, 100);
sample();
try {
  const result = await runScenario(
    { target, stack, control: new Stop(), logs, print: () => undefined, network: counting },
    {
      scenario: "bench",
      seed: told.seed,
      children: told.children,
      inFlight: told.inFlight ?? 1,
      protocol: protocolOfTarget(target),
      startChainOf: (child) => startChainOf(told.startChain, child),
      shares: told.shares,
      duration: told.durationMs,
      operations: Number.POSITIVE_INFINITY,
      dispatchInterval: 0,
      minimumBalance: target.funding.minimumBalance,
      limits: target.limits,
      faults: undefined,
    },
  );
  sample();
  // Before the journal is read back, which is the measurement's own.
  const mostMemory = process.resourceUsage().maxRSS * 1024;
  const driven = {
    ...measured(result.failed.length, result.clean, result.ledger.unaccounted),
    mostMemory,
  };
  await new Promise((resolve) => process.send?.(driven, undefined, undefined, resolve));
} finally {
  clearInterval(sampling);
  rmSync(home, { recursive: true });
}
process.disconnect();

function measured(
  failed: number,
  isClean: boolean,
  unaccounted: { 1: bigint; 2: bigint },
): Omit<Driven, "mostMemory"> {
  const started = new Map<number, { readonly code: string; readonly at: number }>();
  const hashes = new Map<number, string | undefined>();
  const ends: { readonly code: string; readonly at: number; readonly hash: string | undefined }[] = [];
  for (const record of parseOpLog(readFileSync(logs.opLog, "utf8"))) {
    if (record.record === "start") started.set(record.child, record);
    if (record.record === "watch") hashes.set(record.child, record.hash);
    const begun = record.record === "done" ? started.get(record.child) : undefined;
    if (record.record !== "done" || begun === undefined) continue;
    const at = begun.at + (record.phases.at(-1) ?? 0);
    ends.push({ code: record.code, at, hash: hashes.get(record.child) });
  }
  const funded = lastOf(ends.filter(({ code }) => code === "IF"));
  const work = ends.filter(({ code }) => !["IF", "RF", "DN"].includes(code));
  // The load's duration counts from the run's start of operations; those that drain at its end are not part of its rate.
  const to = lastOf(work) - DRAIN_MS;
  const from = funded + (to - funded) / 5;
  const inside = work.filter(({ at }) => at > from && at <= to);
  const [first, last] = [sampleAt(from), sampleAt(to)];
  const each = (used: number): number => used / inside.length;
  return {
    operations: inside.length,
    seconds: (to - from) / 1000,
    cpuPerOperation: each(last.cpuMs - first.cpuMs),
    callsPerOperation: each(last.calls - first.calls),
    requestsPerOperation: each(last.requests - first.requests),
    failed: failed + Number(!isClean) + Number(unaccounted[1] !== 0n || unaccounted[2] !== 0n),
    done: inside.flatMap(({ code, hash, at }) =>
      code === "PY" && hash !== undefined ? [[hash, at] as const] : [],
    ),
  };
}

/** When the last of them was: a hundred thousand are too many to be arguments of one call. Unix milliseconds. */
function lastOf(ends: readonly { readonly at: number }[]): number {
  return ends.reduce((last, { at }) => Math.max(last, at), 0);
}
