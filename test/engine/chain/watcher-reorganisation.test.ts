import { toQuantity } from "ethers";
import { describe, expect, test } from "vitest";
import { FakeChain, hashOf } from "../../fakes/chain.ts";
import { eventsOf } from "../../fakes/bridge.ts";
import { contracts } from "../../fakes/contracts.ts";
import { idOf, relayed } from "../../fakes/events.ts";
import { wakeAll } from "../../fakes/timers.ts";
import { numbersOf, receiptFrom, soFar, watching } from "../../fakes/watching.ts";

const A = hashOf("a");
const [messenger = ""] = contracts.messengers[1];

describe.each([
  ["with", true],
  ["without", false],
])("a reorganisation, on a node %s eth_getBlockReceipts,", (_, hasBlockReceipts) => {
  async function started() {
    const chain = new FakeChain();
    chain.hasBlockReceipts = hasBlockReceipts;
    return { chain, ...(await watching(chain)) };
  }

  test("has the blocks that took another's place read", async () => {
    const { chain, watcher, lines, stream } = await started();
    const told = eventsOf(stream, "reorganisation");
    const receipt = soFar(receiptFrom(watcher, A));
    chain.mine();
    chain.mine();
    await wakeAll();
    chain.fork(2);
    chain.mine({ hash: A });
    chain.mine();
    chain.mine();
    await wakeAll(2);
    expect(receipt.value).toMatchObject({ hash: A, blockNumber: 10 });
    expect(told).toEqual([{ kind: "reorganisation", chain: 1, commonBlock: 9, depth: 2 }]);
    expect(lines).toContain("WARNING reorganisation of 2 blocks: reading again from block 10");
  });

  test("has messages that moved to another block found there", async () => {
    const { chain, watcher } = await started();
    chain.mine();
    await wakeAll();
    const message = soFar(watcher.message(idOf(1)));
    chain.fork(1);
    chain.mine({ hash: A, logs: [relayed(messenger, idOf(1))] });
    chain.mine();
    await wakeAll(2);
    expect(message.value?.block).toBe(10);
  });

  test("settles nothing twice", async () => {
    const { chain, watcher } = await started();
    let told = 0;
    void receiptFrom(watcher, A).then(() => told++);
    chain.mine({ hash: A });
    await wakeAll();
    chain.fork(1);
    chain.mine({ hash: A });
    chain.mine();
    await wakeAll(3);
    expect([told, watcher.waitingForReceipts]).toEqual([1, 0]);
  });

  test("that begins before the first block that was read has what was sent since found there", async () => {
    const { chain, watcher, stream } = await started();
    const numbers = numbersOf(stream);
    const receipt = soFar(receiptFrom(watcher, A));
    chain.mine();
    await wakeAll();
    chain.fork(5);
    chain.mine({ hash: A });
    for (let block = 0; block < 5; block++) chain.mine();
    await wakeAll(3);
    expect(numbers).toEqual([10, 6, 7, 8, 9, 10, 11]);
    expect(receipt.value).toMatchObject({ hash: A, blockNumber: 6 });
  });

  test("of all that is known has it all read again", async () => {
    const chain = new FakeChain();
    for (let block = 0; block < 40; block++) chain.mine();
    const head = chain.head;
    const numbers = numbersOf((await watching(chain)).stream);
    chain.mine();
    await wakeAll();
    chain.fork(30);
    for (let block = 0; block < 32; block++) chain.mine();
    await wakeAll(6);
    // The first one, and the sixteen before it that are known by their hashes.
    expect(numbers.slice(0, 2)).toEqual([head + 1, head - 16]);
    expect(numbers.at(-1)).toBe(chain.head);
  });
});

describe("nodes behind one endpoint", () => {
  test("that lag behind one another are no reorganisation: each block is read once, in order", async () => {
    const chain = new FakeChain();
    const { lines, stream } = await watching(chain);
    const numbers = numbersOf(stream);
    let asked = 0;
    const isBehind = (block: unknown): boolean => ++asked % 3 === 0 && Number(block) > chain.head - 3;
    chain.answer("eth_blockNumber", () => toQuantity(chain.head - (++asked % 3 === 0 ? 3 : 0)));
    for (const method of ["eth_getBlockByNumber", "eth_getBlockReceipts"])
      chain.answer(method, (...params) => (isBehind(params[0]) ? null : chain.real(method, params)));
    for (let block = 0; block < 40; block++) {
      chain.mine();
      await wakeAll();
    }
    await wakeAll(10);
    expect(numbers).toEqual(Array.from({ length: 40 }, (_, at) => 10 + at));
    expect(lines.filter((line) => line.includes("reorganisation"))).toEqual([]);
  });

  test("on two branches do no harm: in the end it is the one that goes on that was read", async () => {
    const [chain, stale] = [new FakeChain(), new FakeChain()];
    for (const one of [chain, stale]) one.mine();
    const { watcher, stream } = await watching(chain);
    stale.fork(1);
    stale.mine();
    stale.mine({ hash: hashOf("orphan") });
    chain.mine({ hash: A });
    const blocks = eventsOf(stream, "block");
    const receipt = soFar(receiptFrom(watcher, A));
    let asked = 0;
    for (const method of ["eth_getBlockByNumber", "eth_getBlockReceipts"])
      chain.answer(method, (...params) => (++asked % 5 === 0 ? stale : chain).real(method, params));
    await wakeAll(10);
    for (let block = 0; block < 10; block++) {
      chain.mine();
      await wakeAll(3);
    }
    for (const method of ["eth_getBlockByNumber", "eth_getBlockReceipts"]) chain.unanswer(method);
    chain.mine();
    await wakeAll(3);
    expect([receipt.value?.blockHash, watcher.readTo]).toEqual([chain.hashAt(11), chain.head]);
    expect(new Set(blocks.flatMap(({ receipts }) => receipts.map(({ hash }) => hash)))).toEqual(new Set([A]));
  });
});
