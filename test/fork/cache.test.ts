import { expect, test } from "vitest";
import { openStack } from "../../fixtures/stack/stack.ts";
import { perChainAsync } from "../../stress/engine/base/chain.ts";
import type { WireCall } from "../fakes/json-rpc-server.ts";
import { openTestBed, runOn } from "../run/running.ts";
import { openEndpoint } from "./endpoint.ts";
import { deployed, forkedTarget } from "./forking.ts";

const READS = /^eth_get(Balance|Code|StorageAt|TransactionCount)$/;

test("a run on a fork reads each part of the target's state once, and the next fork of the blocks hardly any", async () => {
  const bed = await openTestBed();
  try {
    await deployed(bed);
    let asked: string[] = [];
    const takeDown = (call: WireCall): undefined => {
      if (READS.test(call.method)) asked.push(JSON.stringify([call.method, call.params]));
      return undefined;
    };
    const { l1, l2 } = bed.spawned.description;
    const endpoints = [await openEndpoint(l1, takeDown), await openEndpoint(l2, takeDown)];
    const pins = await perChainAsync(async (chain) => (await bed.providers[chain].getBlockNumber()) - 1);
    const target = forkedTarget(bed, `${pins[1]},${pins[2]}`, {
      l1: { endpoint: endpoints[0]?.url },
      l2: { endpoint: endpoints[1]?.url },
    });
    const readsOfOneFork = async (): Promise<readonly string[]> => {
      asked = [];
      const stack = await openStack(target);
      try {
        const { result } = await runOn(
          { ...bed, stack },
          { target, children: 2, operations: 6, duration: 60_000 },
        );
        expect(result.clean).toBe(true);
      } finally {
        await stack.close();
      }
      return asked;
    };
    const first = await readsOfOneFork();
    const second = await readsOfOneFork();
    // The checks before a fork ask each time, and both chains' reads are counted as one.
    for (const read of first) expect(first.filter((one) => one === read).length, read).toBeLessThanOrEqual(4);
    expect(second.length).toBeLessThan(first.length / 2);
  } finally {
    await bed.close();
  }
});
