import { describe, expect, test } from "vitest";
import { FakeChain, hashOf } from "../../fakes/chain.ts";
import { slept, wakeAll } from "../../fakes/timers.ts";
import { watching } from "../../fakes/watching.ts";

const A = hashOf("a");

/** What calls a contract may change what a pool holds, which is asked for then. */
const TRANSFER_GAS = "0x5208";

describe("requests", () => {
  /** Methods called to read one block with one own transaction, while so many are waited for. */
  async function asked(waiting: number, hasBlockReceipts: boolean): Promise<string[]> {
    const chain = new FakeChain();
    chain.hasBlockReceipts = hasBlockReceipts;
    const { watcher } = await watching(chain);
    // The first block is also used to learn what the node has.
    chain.mine();
    await wakeAll();
    watcher.expect(A);
    for (let other = 1; other < waiting; other++) watcher.expect(hashOf(String(other)));
    const before = chain.calls.length;
    chain.mine({ hash: A, fields: { gasUsed: TRANSFER_GAS } }, { hash: hashOf("stranger") });
    await wakeAll();
    return chain.calls.slice(before).map(({ method }) => method);
  }

  const HEAD = ["eth_blockNumber", "eth_getBlockByNumber"];

  test("for a block are the same few, however many transactions are waited for", async () => {
    const expected = [...HEAD, "eth_getBlockReceipts"].toSorted();
    expect((await asked(1, true)).toSorted()).toEqual(expected);
    expect((await asked(1000, true)).toSorted()).toEqual(expected);
  });

  test("without block receipts are one for the events and one for each own transaction", async () => {
    const expected = [...HEAD, "eth_getLogs", "eth_getTransactionReceipt"].toSorted();
    expect((await asked(1000, false)).toSorted()).toEqual(expected);
  });

  test("for the head come twice in a block's time at first, and then in the rhythm of blocks, where nobody waits", async () => {
    const chain = new FakeChain();
    const { clock } = await watching(chain);
    expect(slept.at(-1)).toBe(500);
    for (let block = 0; block < 60; block++) {
      clock.advance(4000);
      chain.mine();
      await wakeAll();
    }
    expect(slept.at(-1)).toBeCloseTo(4000, -1);
    for (let block = 0; block < 60; block++) {
      clock.advance(5);
      chain.mine();
      await wakeAll();
    }
    expect(slept.at(-1)).toBeLessThan(20);
  });

  test("for the head are as close after a block that brought all that was waited for: what comes of it is waited for soon", async () => {
    const chain = new FakeChain();
    const { watcher, clock } = await watching(chain);
    const pauses: (number | undefined)[] = [];
    for (let block = 0; block < 20; block++) {
      const hash = hashOf(`payment ${block}`);
      if (block < 19) watcher.expect(hash);
      clock.advance(1000);
      chain.mine({ hash });
      await wakeAll();
      pauses.push(slept.at(-1));
    }
    const [close = 0, patient = 0] = pauses.slice(-2);
    expect(watcher.waitingForReceipts).toBe(0);
    expect(close).toBeLessThan(1000);
    expect(patient).toBeGreaterThan(close);
  });

  test("for the gas price come once in twenty blocks: headers tell the rest", async () => {
    const chain = new FakeChain();
    await watching(chain);
    for (let block = 0; block < 60; block++) {
      chain.mine();
      await wakeAll();
    }
    expect(chain.asked("eth_gasPrice")).toBe(4);
  });
});
