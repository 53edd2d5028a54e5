import { describe, expect, test } from "vitest";
import { deadEndpoint, FakeChain, hashOf, nodeError } from "../../fakes/chain.ts";
import { contracts } from "../../fakes/contracts.ts";
import { idOf, relayed } from "../../fakes/events.ts";
import { wakeAll } from "../../fakes/timers.ts";
import { numbersOf, receiptFrom, soFar, watching } from "../../fakes/watching.ts";

const A = hashOf("a");
const [messenger = ""] = contracts.messengers[1];

const fail = (error: unknown) => () => {
  throw error;
};

describe("an endpoint that does something wrong", () => {
  test.each<[string, unknown]>([
    ["does not answer", deadEndpoint()],
    ["answers an error", nodeError("internal error")],
  ])("and %s is asked again, and since when it fails is known", async (_, error) => {
    const chain = new FakeChain();
    const { watcher, clock, lines } = await watching(chain);
    const receipt = soFar(receiptFrom(watcher, A));
    chain.answer("eth_blockNumber", fail(error));
    await wakeAll();
    const since = clock.now();
    clock.advance(5000);
    await wakeAll(3);
    expect(watcher.health.failingSince).toBe(since);
    expect(lines.at(-1)).toMatch(/^WARNING cannot read the chain, will try again: /);
    chain.unanswer("eth_blockNumber");
    chain.mine({ hash: A });
    await wakeAll();
    expect([watcher.health.failingSince, receipt.value?.hash]).toEqual([undefined, A]);
  });

  test.each(["eth_getBlockByNumber", "eth_getBlockReceipts", "eth_gasPrice", "eth_getBalance"])(
    "and gives nonsense for %s is survived, and no block is left out",
    async (method) => {
      const chain = new FakeChain();
      const { watcher } = await watching(chain);
      chain.mine();
      await wakeAll();
      const receipt = soFar(receiptFrom(watcher, A));
      chain.answer(method, () => [{ nonsense: true }]);
      chain.mine({ hash: A });
      await wakeAll(2);
      chain.unanswer(method);
      await wakeAll(2);
      expect(receipt.value?.hash).toBe(A);
    },
  );

  test("and gives receipts that are no list fails, and is not taken for one that lags behind", async () => {
    const chain = new FakeChain();
    const { watcher } = await watching(chain);
    chain.mine();
    await wakeAll();
    chain.answer("eth_getBlockReceipts", () => ({}));
    chain.mine();
    await wakeAll(5);
    expect(watcher.health.failingSince).toBeDefined();
    chain.unanswer("eth_getBlockReceipts");
    await wakeAll(2);
    expect([watcher.readTo, watcher.health.failingSince]).toEqual([chain.head, undefined]);
  });

  test("and gives nonsense for eth_getLogs is survived, too", async () => {
    const chain = new FakeChain();
    chain.hasBlockReceipts = false;
    const { watcher } = await watching(chain);
    const message = soFar(watcher.message(idOf(1)));
    chain.answer("eth_getLogs", () => null);
    chain.mine({ hash: A, logs: [relayed(messenger, idOf(1))] });
    await wakeAll(2);
    expect(watcher.health.failingSince).toBeDefined();
    chain.unanswer("eth_getLogs");
    await wakeAll();
    expect([message.value?.hash, watcher.health.failingSince]).toEqual([A, undefined]);
  });
});

describe("a request that hangs", () => {
  test.each(["eth_blockNumber", "eth_getBlockReceipts"])("(%s) holds up no block", async (method) => {
    const chain = new FakeChain();
    const { watcher, lines } = await watching(chain);
    chain.mine();
    await wakeAll();
    const receipt = soFar(receiptFrom(watcher, A));
    chain.answer(method, () => {
      chain.unanswer(method);
      return new Promise(() => undefined);
    });
    chain.mine({ hash: A });
    await wakeAll(3);
    expect(receipt.value?.hash).toBe(A);
    chain.mine();
    await wakeAll(2);
    expect(watcher.readTo).toBe(chain.head);
    expect(lines.filter((line) => line.startsWith("WARNING"))).toEqual([]);
  });
});

describe("a node that lags behind", () => {
  test("and has no header of a new block yet is asked again for that block", async () => {
    const chain = new FakeChain();
    const numbers = numbersOf((await watching(chain)).stream);
    chain.mine();
    chain.mine();
    chain.answer("eth_getBlockByNumber", (number) =>
      number === "0xb" ? null : chain.real("eth_getBlockByNumber", [number]),
    );
    await wakeAll(2);
    expect(numbers).toEqual([10]);
    chain.unanswer("eth_getBlockByNumber");
    await wakeAll();
    expect(numbers).toEqual([10, 11]);
  });

  test("and has not all receipts of a block yet is asked again for them", async () => {
    const chain = new FakeChain();
    const { watcher } = await watching(chain);
    const receipt = soFar(receiptFrom(watcher, A));
    chain.mine();
    await wakeAll();
    chain.answer("eth_getBlockReceipts", () => []);
    chain.mine({ hash: A });
    await wakeAll(2);
    expect(receipt.value).toBeUndefined();
    chain.unanswer("eth_getBlockReceipts");
    await wakeAll();
    expect(receipt.value?.hash).toBe(A);
  });

  test("and gives the receipts of a block that was replaced is asked again for the right ones", async () => {
    const chain = new FakeChain();
    const { watcher } = await watching(chain);
    chain.mine();
    await wakeAll();
    const receipt = soFar(receiptFrom(watcher, A));
    chain.mine({ hash: hashOf("b") });
    const replaced = chain.real("eth_getBlockReceipts", ["0xb"]);
    chain.fork(1);
    chain.mine({ hash: A });
    chain.answer("eth_getBlockReceipts", () => replaced);
    await wakeAll();
    chain.unanswer("eth_getBlockReceipts");
    chain.mine();
    await wakeAll(2);
    expect(receipt.value?.hash).toBe(A);
  });

  test("and has a null for a mined transaction's receipt gives it later", async () => {
    const chain = new FakeChain();
    chain.hasBlockReceipts = false;
    const { watcher } = await watching(chain);
    const receipt = soFar(receiptFrom(watcher, A));
    chain.answer("eth_getTransactionReceipt", () => null);
    chain.mine({ hash: A });
    await wakeAll(2);
    expect(receipt.value).toBeUndefined();
    chain.unanswer("eth_getTransactionReceipt");
    await wakeAll();
    expect(receipt.value?.hash).toBe(A);
  });

  test("is not taken for one without eth_getBlockReceipts", async () => {
    const chain = new FakeChain();
    await watching(chain);
    chain.answer("eth_getBlockReceipts", () => null);
    chain.mine();
    await wakeAll(2);
    chain.unanswer("eth_getBlockReceipts");
    chain.mine();
    await wakeAll(2);
    expect(chain.asked("eth_getLogs")).toBe(0);
  });

  test("may tell of an older head without harm", async () => {
    const chain = new FakeChain();
    const { watcher } = await watching(chain);
    const receipt = soFar(receiptFrom(watcher, A));
    chain.mine();
    await wakeAll();
    chain.answer("eth_blockNumber", () => "0x5");
    await wakeAll(2);
    chain.unanswer("eth_blockNumber");
    chain.mine({ hash: A });
    await wakeAll();
    expect(receipt.value?.hash).toBe(A);
  });
});

test("a node without eth_getBlockReceipts, in words that could mean something else, is read all the same", async () => {
  const chain = new FakeChain();
  const { watcher } = await watching(chain);
  const receipt = soFar(receiptFrom(watcher, A));
  chain.answer("eth_getBlockReceipts", fail(nodeError("unsupported operation")));
  chain.mine({ hash: A });
  await wakeAll(2);
  expect(receipt.value?.hash).toBe(A);
});

test("a legacy rollup's receipt, which tells no price, is priced by its transaction", async () => {
  const chain = new FakeChain();
  chain.hasBlockReceipts = false;
  const { watcher } = await watching(chain);
  const receipt = soFar(receiptFrom(watcher, A));
  chain.answer("eth_getTransactionReceipt", (hash) => {
    const { effectiveGasPrice: _, ...legacy } = chain.real("eth_getTransactionReceipt", [hash]) as {
      effectiveGasPrice: string;
    };
    return legacy;
  });
  chain.answer("eth_getTransactionByHash", () => ({ gasPrice: "0x3" }));
  chain.mine({ hash: A });
  await wakeAll();
  expect(receipt.value?.gasFee).toBe(150_000n);
});

test.each([true, false])(
  "an endpoint at which every tenth request fails is read all the same, block receipts: %s",
  async (hasBlockReceipts) => {
    const chain = new FakeChain();
    chain.hasBlockReceipts = hasBlockReceipts;
    const { watcher } = await watching(chain);
    for (let block = 0; block < 30; block++) {
      const hashes = Array.from({ length: 20 }, (_, at) => hashOf(`${block} ${at}`));
      for (const hash of hashes) watcher.expect(hash);
      chain.mine(...hashes.map((hash) => ({ hash })));
    }
    let asked = 0;
    for (const method of [
      "eth_blockNumber",
      "eth_gasPrice",
      "eth_getBalance",
      "eth_getBlockByNumber",
      "eth_getBlockReceipts",
      "eth_getLogs",
      "eth_getTransactionReceipt",
    ])
      chain.answer(method, (...params) => {
        if (++asked % 10 === 0) throw deadEndpoint();
        return chain.real(method, params);
      });
    await wakeAll(20);
    expect([watcher.readTo, watcher.waitingForReceipts]).toEqual([chain.head, 0]);
  },
);
