import { afterAll, beforeAll, expect, test } from "vitest";
import type { Stack } from "../../fixtures/stack/stack.ts";
import { type FaultyProxy, openFaultyProxy } from "../proxy/faulty-proxy.ts";
import { openTestBed, runOn, type TestBed, testTarget } from "./running.ts";

let bed: TestBed;
let proxy: FaultyProxy;

beforeAll(async () => {
  bed = await openTestBed();
  const upstream = bed.stack.chains[1].endpoints[0];
  proxy = await openFaultyProxy({ upstream, seed: 3, percent: 100, kinds: ["no events"] });
});

afterAll(async () => {
  proxy.close();
  await bed.close();
});

test("an L1 node that tells no events of any block costs time and nothing else: nothing is called lost", async () => {
  const l1 = { ...bed.stack.chains[1], endpoints: [proxy.url] as const };
  const stack: Stack = { ...bed.stack, chains: { ...bed.stack.chains, 1: l1 } };
  // What is late is asked for; that it is stuck is never believed here.
  const limits = { ...testTarget().limits, slowAfter: 2000, stuckAfter: 600_000, giveUpAfter: 600_000 };
  const { result } = await runOn(
    { ...bed, stack },
    {
      children: 4,
      startChain: 0,
      limits,
      duration: Number.POSITIVE_INFINITY,
      drive: async (children) => {
        const codes = ["FX", "FO", "SX", "SO"];
        const performed = await Promise.all(children.map((child, at) => child.perform(codes[at] ?? "PY")));
        for (const { outcome } of performed) expect(outcome).toEqual({ kind: "succeeded" });
      },
    },
  );
  expect(proxy.counts["no events"]).toBeGreaterThan(10);
  expect([result.failed, result.problems, result.clean]).toEqual([[], [], true]);
  expect(result).toPayExactlyOnce({ inFlight: 0 });
  expect(result.audit.counts).toMatchObject({ lost: 0, "not known": 0 });
  expect(result).toConserveFunds();
  expect(result.unreturned).toBeLessThanOrEqual(result.dust);
});
