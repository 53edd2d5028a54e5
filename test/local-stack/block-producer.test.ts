import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { BlockProducer } from "../../fixtures/local-stack/block-producer.ts";
import type { LocalChain } from "../../fixtures/local-stack/chains.ts";
import { Gate } from "../../fixtures/local-stack/gate.ts";

const INTERVAL_MS = 200;

test("blocks that take longer than their time leave clients a quarter of it after each", async () => {
  const helpers = { mine: async () => undefined, time: { latestBlock: async () => 1 } };
  const gate = new Gate();
  const pauses: number[] = [];
  let ended: number | undefined;
  const slow = {
    beforeBlock: async () => void (ended !== undefined && pauses.push(performance.now() - ended)),
    afterBlock: () => sleep(1.5 * INTERVAL_MS),
  };
  const turns = {
    turn: async (produce: () => Promise<number>) => void (await produce()),
    isStopped: () => false,
  };
  const shown = async (): Promise<void> => void (ended = performance.now());
  const producer = new BlockProducer(
    { helpers } as unknown as LocalChain,
    gate,
    [slow],
    INTERVAL_MS,
    turns,
    shown,
  );
  producer.start((error) => expect.unreachable(String(error)));
  await expect.poll(() => pauses.length).toBeGreaterThan(2);
  await producer.stop();
  // Timers may come a millisecond early.
  for (const pause of pauses) expect(pause).toBeGreaterThan(INTERVAL_MS / 4 - 2);
});
