import { describe, expect, test } from "vitest";
import { Watcher } from "../../../stress/engine/chain/watcher.ts";
import { FakeChain, GWEI, hashOf } from "../../fakes/chain.ts";
import { bridgeOn, eventsOf, newStream } from "../../fakes/bridge.ts";
import { FakeClock } from "../../fakes/clock.ts";
import { contracts } from "../../fakes/contracts.ts";
import { NoAnswer } from "../../../stress/engine/rpc/index.ts";
import { noise, poolPays } from "../../fakes/events.ts";
import { wakeAll } from "../../fakes/timers.ts";
import { numbersOf, receiptFrom, soFar, watching } from "../../fakes/watching.ts";

const [A, B, C] = [hashOf("a"), hashOf("b"), hashOf("c")];

const chainWith = (hasBlockReceipts: boolean): FakeChain => {
  const chain = new FakeChain();
  chain.hasBlockReceipts = hasBlockReceipts;
  return chain;
};

describe.each([
  ["with", true],
  ["without", false],
])("on a node %s eth_getBlockReceipts", (_, hasBlockReceipts) => {
  test("a transaction's receipt is handed out when its block comes", async () => {
    const chain = chainWith(hasBlockReceipts);
    const { watcher } = await watching(chain);
    const receipt = soFar(receiptFrom(watcher, A));
    await wakeAll();
    expect(receipt.value).toBeUndefined();
    chain.mine({ hash: B }, { hash: A, reverted: true });
    await wakeAll();
    expect(receipt.value).toMatchObject({ hash: A, blockNumber: 10, succeeded: false });
  });

  test("a receipt that is answered before the chain has its block is not handed out", async () => {
    const chain = chainWith(hasBlockReceipts);
    const { watcher } = await watching(chain);
    const receipt = soFar(receiptFrom(watcher, A));
    // As nodes with preconfirmations do: with the number of the block to come, and without saying that it is none yet.
    const ahead = new FakeChain();
    ahead.mine({ hash: A });
    const promised = ahead.real("eth_getTransactionReceipt", [A]);
    chain.answer("eth_getTransactionReceipt", (hash) =>
      hash === A ? promised : chain.real("eth_getTransactionReceipt", [hash]),
    );
    await wakeAll(3);
    chain.mine({ hash: B });
    await wakeAll(3);
    expect(receipt.value).toBeUndefined();
    chain.unanswer("eth_getTransactionReceipt");
    chain.mine({ hash: A });
    await wakeAll();
    expect(receipt.value).toMatchObject({ hash: A, blockNumber: 11 });
  });

  test("each of many transactions in one block gets its own receipt", async () => {
    const chain = chainWith(hasBlockReceipts);
    const { watcher } = await watching(chain);
    const receipts = [A, B].map((hash) => soFar(receiptFrom(watcher, hash)));
    chain.mine({ hash: B }, { hash: C }, { hash: A });
    await wakeAll();
    expect(receipts.map(({ value }) => value?.hash)).toEqual([A, B]);
  });

  test("a transaction that was not mined is waited for", async () => {
    const chain = chainWith(hasBlockReceipts);
    const { watcher } = await watching(chain);
    const receipt = soFar(receiptFrom(watcher, A));
    chain.mine({ hash: B });
    await wakeAll();
    expect([receipt.value, watcher.waitingForReceipts]).toEqual([undefined, 1]);
  });

  test("a block's own receipts and events of interest are told, in the chain's order", async () => {
    const chain = chainWith(hasBlockReceipts);
    const { watcher, stream } = await watching(chain);
    const blocks = eventsOf(stream, "block");
    watcher.expect(B);
    const [first, second] = [1n, 2n].map((amount) => poolPays("ClientPayL1", contracts.pool[2], amount));
    if (first === undefined || second === undefined) throw new Error("want two events");
    chain.mine({ hash: A, logs: [first, noise(contracts.pool[1])] }, { hash: B, logs: [second] });
    chain.mine();
    await wakeAll();
    expect(blocks.map(({ block }) => block.number)).toEqual([10, 11]);
    expect(blocks[0]?.receipts.map(({ hash }) => hash)).toEqual([B]);
    expect(blocks[0]?.logs.map(({ data }) => data)).toEqual([first.data, second.data]);
  });

  test("many blocks are caught up with, in slices", async () => {
    const chain = chainWith(hasBlockReceipts);
    const numbers = numbersOf((await watching(chain)).stream);
    for (let block = 0; block < 60; block++) chain.mine();
    await wakeAll();
    expect(numbers).toHaveLength(25);
    await wakeAll(2);
    expect(numbers).toEqual(Array.from({ length: 60 }, (_, at) => 10 + at));
  });
});

describe("a watcher", () => {
  test("begins with the block after the head it starts at", async () => {
    const chain = new FakeChain();
    chain.mine({ hash: A });
    const { watcher } = await watching(chain);
    const receipt = soFar(receiptFrom(watcher, A));
    chain.mine();
    await wakeAll();
    expect(receipt.value).toBeUndefined();
  });

  test("counts a block once the head is as many blocks past it as confirmations are wanted", async () => {
    const chain = new FakeChain();
    const { watcher } = await watching(chain, { confirmations: 2 });
    const receipt = soFar(receiptFrom(watcher, A));
    chain.mine({ hash: A });
    chain.mine();
    await wakeAll(3);
    expect(receipt.value).toBeUndefined();
    chain.mine();
    await wakeAll();
    expect(receipt.value?.hash).toBe(A);
  });

  test("waits no longer for a transaction it was told to forget", async () => {
    const chain = new FakeChain();
    const { watcher } = await watching(chain);
    const receipt = soFar(receiptFrom(watcher, A));
    watcher.forget({ hash: A });
    expect(watcher.waitingForReceipts).toBe(0);
    chain.mine({ hash: A });
    await wakeAll();
    expect(receipt.value).toBeUndefined();
  });

  test("tells of the block before anybody who waits for its receipts goes on", async () => {
    const chain = new FakeChain();
    const { watcher, stream } = await watching(chain);
    watcher.expect(A);
    const waiting: number[] = [];
    stream.subscribe("report", { block: () => waiting.push(watcher.waitingForReceipts) });
    chain.mine({ hash: A });
    await wakeAll();
    expect(waiting).toEqual([1]);
  });

  test("knows the head's number and fees", async () => {
    const chain = new FakeChain();
    const { watcher } = await watching(chain);
    expect(watcher.head).toEqual({ number: 9, baseFee: 2n * GWEI, gasPrice: 3n * GWEI });
    chain.gasPrice = 9n * GWEI;
    chain.baseFee = 8n * GWEI;
    chain.mine();
    await wakeAll();
    expect(watcher.head).toEqual({ number: 10, baseFee: 8n * GWEI, gasPrice: 9n * GWEI });
  });

  describe("what depends on the newest block", () => {
    const watchingHeads = async (delayed: (block: number) => Promise<void>) => {
      const chain = new FakeChain();
      const reader = (await bridgeOn({ 1: chain, 2: chain })).reader(1);
      const read: number[] = [];
      const atHead = async (block: number): Promise<void> => {
        read.push(block);
        await delayed(block);
      };
      const { stream, watcher } = await watching(chain, { bridge: { ...reader, atHead } });
      const told: number[] = [];
      stream.subscribe("report", { block: ({ block }) => told.push(block.number) });
      return { chain, watcher, read, told };
    };

    test("is read before events are told that may have changed it", async () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      const { chain, read, told } = await watchingHeads(async (block) => {
        if (block > 10) await promise;
      });
      chain.mine();
      await wakeAll();
      chain.mine({ hash: A, logs: [poolPays("ClientPayL1", contracts.pool[2], 5n)] });
      await wakeAll();
      expect([read, told]).toEqual([[9, 10, 11], [10]]);
      resolve();
      await wakeAll();
      expect(told).toEqual([10, 11]);
    });

    test.each([
      ["a transfer, no", "0x5208", [9, 10]],
      ["what called a contract, each", "0x5209", [9, 10, 12, 13]],
    ])("is read, where no events are told and the run sent %s time", async (_, gasUsed, blocks) => {
      const { chain, watcher, read, told } = await watchingHeads(async () => undefined);
      watcher.expect(A);
      for (const sent of [[], [], [{ hash: A, fields: { gasUsed } }], [], []]) {
        chain.mine(...sent);
        await wakeAll();
      }
      expect([read, told]).toEqual([blocks, [10, 11, 12, 13, 14]]);
    });

    test("holds up no block without events, and is read with every eighth of those", async () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      const { chain, read, told } = await watchingHeads(async (block) => {
        if (block > 10) await promise;
      });
      for (let block = 10; block <= 18; block++) {
        chain.mine();
        await wakeAll();
      }
      expect([read, told]).toEqual([
        [9, 10, 18],
        [10, 11, 12, 13, 14, 15, 16, 17, 18],
      ]);
      resolve();
    });

    test("is read again with the next block where it could not be", async () => {
      const { chain, read, told } = await watchingHeads(async (block) => {
        if (block === 18) throw new NoAnswer("time-out", "no answer within 30000 ms");
      });
      for (let block = 10; block <= 20; block++) {
        chain.mine();
        await wakeAll();
      }
      expect([read, told.length]).toEqual([[9, 10, 18, 19], 11]);
    });
  });

  test("knows of no base fee on a chain without EIP-1559", async () => {
    const chain = new FakeChain();
    chain.baseFee = undefined;
    const { watcher } = await watching(chain);
    expect(watcher.head.baseFee).toBeUndefined();
  });

  test("writes down every block, own transaction and message", async () => {
    const chain = new FakeChain();
    const { watcher, lines } = await watching(chain);
    watcher.expect(A);
    chain.mine({ hash: A, reverted: true });
    await wakeAll();
    expect(lines).toEqual([
      expect.stringMatching(/^block 10 0x\w{64} with 1 transactions at 1000$/),
      `  own transaction ${A} FAILED, gas 50000`,
    ]);
  });

  test("reads nothing more once it is closed", async () => {
    const chain = new FakeChain();
    const { watcher } = await watching(chain);
    await watcher.close();
    const asked = chain.calls.length;
    chain.mine();
    await wakeAll(3);
    expect(chain.calls).toHaveLength(asked);
  });

  test("that was not started has no head", async () => {
    const rpc = new FakeChain();
    const bridge = (await bridgeOn({ 1: rpc, 2: rpc })).reader(2);
    const watcher = new Watcher({
      chain: 2,
      rpc,
      bridge,
      clock: new FakeClock(),
      stream: newStream(),
      confirmations: 0,
      deadAfter: 60_000,
      rememberFor: 0,
      log: () => undefined,
    });
    expect(() => watcher.head).toThrow("the chain's watcher was not started");
  });
});
