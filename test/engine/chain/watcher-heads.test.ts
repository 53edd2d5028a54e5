import { describe, expect, test } from "vitest";
import { FakeChain } from "../../fakes/chain.ts";
import { settled, slept, wakeAll } from "../../fakes/timers.ts";
import { numbersOf, watching } from "../../fakes/watching.ts";

/** A chain whose endpoint tells of heads when the test says so. */
function telling() {
  const listeners: (() => void)[] = [];
  const followHeads = (onHead: () => void): void => void listeners.push(onHead);
  const chain = Object.assign(new FakeChain(), { followHeads });
  const tell = async (): Promise<void> => {
    for (const onHead of listeners) onHead();
    await settled();
  };
  return { chain, tell };
}

describe("an endpoint that tells of heads", () => {
  test("has its blocks read at once, with one poll each", async () => {
    const { chain, tell } = telling();
    const { clock, stream, watcher } = await watching(chain);
    const numbers = numbersOf(stream);
    const before = chain.asked("eth_blockNumber");
    for (let block = 0; block < 20; block++) {
      clock.advance(2000);
      chain.mine();
      await tell();
    }
    expect(numbers).toHaveLength(20);
    expect(watcher.readTo).toBe(numbers.at(-1));
    expect(chain.asked("eth_blockNumber") - before).toBe(20);
  });

  test("is asked all the same where it leaves one out", async () => {
    const { chain, tell } = telling();
    const { clock, stream } = await watching(chain);
    const numbers = numbersOf(stream);
    chain.mine();
    await tell();
    clock.advance(2000);
    chain.mine();
    await wakeAll();
    expect(numbers).toHaveLength(2);
  });

  test("is asked again soon where another of its nodes does not have it yet", async () => {
    const { chain, tell } = telling();
    const { clock } = await watching(chain);
    for (let block = 0; block < 5; block++) {
      clock.advance(2000);
      chain.mine();
      await tell();
    }
    const patient = slept.at(-1) ?? 0;
    clock.advance(2000);
    await tell();
    expect(slept.at(-1)).toBeLessThan(patient / 2);
  });

  test("that falls silent is polled in the rhythm of its blocks", async () => {
    const { chain, tell } = telling();
    const { clock } = await watching(chain);
    for (let block = 0; block < 20; block++) {
      clock.advance(1000);
      chain.mine();
      await tell();
    }
    const patient = slept.at(-1) ?? 0;
    for (let block = 0; block < 20; block++) {
      clock.advance(1000);
      chain.mine();
      await wakeAll();
    }
    expect(slept.at(-1)).toBeLessThan(patient);
  });
});
