import { expect, test } from "vitest";
import { openStack } from "../../fixtures/stack/stack.ts";
import { perChain } from "../../stress/engine/base/chain.ts";
import { until } from "../local-stack/faults/until.ts";
import { openTestBed } from "../run/running.ts";
import { openEndpoint } from "./endpoint.ts";
import { forkedTarget } from "./forking.ts";

/** Blocks behind which Hardhat takes a chain it does not know for settled, and keeps what it read of it. */
const SETTLED = 128;

/** Milliseconds that so many blocks may take where the machine has much else to do. */
const PATIENCE_MS = 300_000;

test("what a fork read of settled blocks is kept for the next one", async () => {
  const bed = await openTestBed({ l1BlockTime: 20, l2BlockTime: 20 });
  try {
    const asked: string[] = [];
    const { l1, l2 } = bed.spawned.description;
    const [one, two] = await Promise.all(
      [l1, l2].map((url) =>
        openEndpoint(url, ({ method }) => {
          asked.push(method);
          return undefined;
        }),
      ),
    );
    const endpoints = perChain((chain) => ({ endpoint: (chain === 1 ? one : two)?.url }));
    const pins = [await bed.providers[1].getBlockNumber(), await bed.providers[2].getBlockNumber()];
    await until(
      "settled blocks",
      async () => {
        const heads = [await bed.providers[1].getBlockNumber(), await bed.providers[2].getBlockNumber()];
        return heads.every((head, at) => head > (pins[at] ?? 0) + SETTLED + 2) ? true : undefined;
      },
      PATIENCE_MS,
    );
    const target = forkedTarget(bed, pins.join(), { l1: endpoints[1], l2: endpoints[2] });
    const readsOfOneFork = async (): Promise<number> => {
      asked.length = 0;
      await (await openStack(target)).close();
      return asked.filter((method) => /^eth_get(Balance|Code|StorageAt|TransactionCount)$/.test(method))
        .length;
    };
    const first = await readsOfOneFork();
    const second = await readsOfOneFork();
    // The checks before a fork ask each time.
    expect(second).toBeLessThan(first / 2);
  } finally {
    await bed.close();
  }
});
