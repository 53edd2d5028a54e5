import { afterAll, beforeAll, expect, test } from "vitest";
import type { Stack } from "../../fixtures/stack/stack.ts";
import { type PerChain, perChain, perChainAsync } from "../../stress/engine/base/chain.ts";
import { type FaultyProxy, openFaultyProxy } from "../proxy/faulty-proxy.ts";
import { openTestBed, runOn, type TestBed } from "./running.ts";

let bed: TestBed;
let proxies: PerChain<FaultyProxy>;

beforeAll(async () => {
  bed = await openTestBed();
  proxies = await perChainAsync((chain) =>
    openFaultyProxy({ upstream: bed.stack.chains[chain].endpoints[0], seed: 3, percent: 10 }),
  );
});

afterAll(async () => {
  for (const chain of [1, 2] as const) proxies[chain].close();
  await bed.close();
});

/** The stack as it is reached through the proxies: L1 over HTTP, L2 over WebSocket. */
const faulty = (): Stack => ({
  ...bed.stack,
  chains: perChain((chain) => ({
    ...bed.stack.chains[chain],
    endpoints: [chain === 1 ? proxies[1].url : proxies[2].wsUrl],
  })),
});

test("a run over endpoints that fail one time in ten loses nothing and gives everything back", async () => {
  const { result } = await runOn({ ...bed, stack: faulty() }, { children: 10, duration: 5000 });
  expect(result.reason).toEqual({ kind: "duration" });
  expect(result.failed).toEqual([]);
  expect(result.problems).toEqual([]);
  expect(result.clean).toBe(true);
  for (const chain of [1, 2] as const) {
    expect(Object.values(proxies[chain].counts).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(10);
  }
});
