import { describe, expect, test } from "vitest";
import { MalformedAnswer, NoAnswer, NodeError } from "../../../stress/engine/rpc/index.ts";
import { FakeChain, hashOf } from "../../fakes/chain.ts";
import { wakeAll } from "../../fakes/timers.ts";
import { receiptFrom, soFar, watching } from "../../fakes/watching.ts";

const BLOCK_MS = 1000;

/** A watcher that has learnt the rhythm of a chain's blocks, and waits for a transaction; the next block is due now. */
async function inRhythm(own: { readonly confirmations?: number } = {}, chain = new FakeChain()) {
  const watched = await watching(chain, own);
  watched.watcher.expect(hashOf("the one that is waited for"));
  for (let block = 0; block < 40; block++) {
    watched.clock.advance(BLOCK_MS);
    chain.mine();
    await wakeAll();
  }
  watched.clock.advance(BLOCK_MS);
  chain.calls.length = 0;
  return { ...watched, chain };
}

const receiptsAsked = (chain: FakeChain): readonly unknown[] =>
  chain.calls
    .filter(({ method }) => method === "eth_getBlockReceipts")
    .map(({ params: [block] }) => Number(block));

describe("the block that is due", () => {
  test("is asked for together with the head, and no more where it is there", async () => {
    const { chain, watcher } = await inRhythm();
    const receipt = soFar(receiptFrom(watcher, hashOf("a")));
    chain.mine({ hash: hashOf("a") });
    await wakeAll();
    expect(receipt.value?.hash).toBe(hashOf("a"));
    expect(receiptsAsked(chain)).toEqual([chain.head]);
    expect(chain.calls.slice(0, 3).map(({ method }) => method)).toEqual([
      "eth_getBlockByNumber",
      "eth_getBlockReceipts",
      "eth_blockNumber",
    ]);
  });

  test("is read once it is there, where it was not", async () => {
    const { chain, watcher } = await inRhythm();
    const receipt = soFar(receiptFrom(watcher, hashOf("a")));
    await wakeAll();
    expect(receiptsAsked(chain)).toEqual([chain.head + 1]);
    chain.mine({ hash: hashOf("a") });
    await wakeAll();
    expect(receipt.value?.hash).toBe(hashOf("a"));
  });

  test("does not count before a head tells of it: some nodes tell of blocks that are yet to be", async () => {
    const { chain, watcher } = await inRhythm();
    const receipt = soFar(receiptFrom(watcher, hashOf("a")));
    const { head } = chain;
    chain.mine({ hash: hashOf("a") });
    chain.answer("eth_blockNumber", () => `0x${head.toString(16)}`);
    await wakeAll(3);
    expect([receipt.value, watcher.readTo]).toEqual([undefined, head]);
    // And it may turn out to be another one.
    chain.fork(1);
    chain.mine();
    chain.unanswer("eth_blockNumber");
    await wakeAll();
    expect([receipt.value, watcher.readTo]).toEqual([undefined, head + 1]);
  });

  test.each([
    ["has an error for it", new NodeError({ code: -32_000, message: "unknown block" })],
    ["answers what is no block", new MalformedAnswer("number is missing")],
    ["is busy", new NoAnswer("429", "HTTP status 429")],
  ])("is asked for ahead once only of a node that %s", async (_, failure) => {
    const { chain, watcher, lines } = await inRhythm();
    for (const method of ["eth_getBlockByNumber", "eth_getBlockReceipts"])
      chain.answer(method, (number) => {
        if (Number(number) <= chain.head) return chain.real(method, [number, false]);
        throw failure;
      });
    for (let block = 0; block < 5; block++) {
      await wakeAll();
      chain.mine({ hash: hashOf(`${block}`) });
      await wakeAll();
    }
    expect(watcher.readTo).toBe(chain.head);
    expect(receiptsAsked(chain)).toEqual([1, 1, 2, 3, 4, 5].map((block) => chain.head - 5 + block));
    expect(lines.filter((line) => line.startsWith("WARNING"))).toEqual([]);
  });

  test("is not asked for ahead where blocks have to be confirmed: the next to be read has long been there", async () => {
    const { chain } = await inRhythm({ confirmations: 2 });
    await wakeAll(5);
    expect(receiptsAsked(chain)).toEqual([]);
  });

  test("is not asked for ahead where nobody waits", async () => {
    const { chain, watcher } = await inRhythm();
    watcher.forget({ hash: hashOf("the one that is waited for") });
    await wakeAll(5);
    expect(receiptsAsked(chain)).toEqual([]);
  });

  test("is not asked for ahead of a node that has no receipts of blocks", async () => {
    const chain = new FakeChain();
    chain.hasBlockReceipts = false;
    await inRhythm({}, chain);
    await wakeAll(5);
    expect(receiptsAsked(chain)).toEqual([]);
  });
});
