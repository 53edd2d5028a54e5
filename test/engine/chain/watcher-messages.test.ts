import { describe, expect, test } from "vitest";
import type { Arrival } from "../../../stress/engine/chain/index.ts";
import { BALANCE } from "../../../stress/engine/ledger/index.ts";
import { bridgeOn } from "../../fakes/bridge.ts";
import { FakeChain, hashOf } from "../../fakes/chain.ts";
import { addressOf, contracts } from "../../fakes/contracts.ts";
import { idOf, noise, poolPays, relayed, relayFailed } from "../../fakes/events.ts";
import { wakeAll } from "../../fakes/timers.ts";
import { REMEMBERED_MS, soFar, watching } from "../../fakes/watching.ts";

const [slow = "", fast = ""] = contracts.messengers[1];
const payee = addressOf(70);
const pay = (amount: bigint) => poolPays("ClientPayL1", payee, amount);

/** What a message paid, payout by payout. */
const paidBy = (arrival: Arrival | undefined): bigint[] | undefined =>
  arrival?.payouts.map(({ amount }) => amount);

describe.each([
  ["with", true],
  ["without", false],
])("a message, on a node %s eth_getBlockReceipts,", (_, hasBlockReceipts) => {
  async function started() {
    const chain = new FakeChain();
    chain.hasBlockReceipts = hasBlockReceipts;
    return { chain, ...(await watching(chain)) };
  }

  test("is handed out with what its relaying paid", async () => {
    const { chain, watcher } = await started();
    const message = soFar(watcher.message(idOf(1)));
    chain.mine({ hash: hashOf("relay"), logs: [noise(addressOf(9)), pay(5n), relayed(slow, idOf(1))] });
    await wakeAll();
    const where = { hash: hashOf("relay"), block: 10 };
    expect(message.value).toMatchObject({ id: idOf(1), queue: slow.toLowerCase(), ...where });
    expect(message.value?.payouts).toMatchObject([{ to: payee, amount: 5n, asset: BALANCE, ...where }]);
  });

  test("is not missed where a node has the block before its events: the header's bloom tells", async () => {
    const { chain, watcher } = await started();
    const message = soFar(watcher.message(idOf(1)));
    const withoutLogs = (answer: unknown): unknown =>
      answer === null ? null : { ...(answer as Record<string, unknown>), logs: [] };
    chain.answer("eth_getLogs", () => []);
    chain.answer("eth_getTransactionReceipt", (hash) =>
      withoutLogs(chain.real("eth_getTransactionReceipt", [hash])),
    );
    if (hasBlockReceipts)
      chain.answer("eth_getBlockReceipts", (number) =>
        (chain.real("eth_getBlockReceipts", [number]) as readonly unknown[] | null)?.map(withoutLogs),
      );
    chain.mine({ hash: hashOf("relay"), logs: [pay(5n), relayed(slow, idOf(1))] });
    await wakeAll(5);
    expect([message.value, watcher.readTo]).toEqual([undefined, 9]);
    for (const method of ["eth_getLogs", "eth_getTransactionReceipt", "eth_getBlockReceipts"])
      chain.unanswer(method);
    await wakeAll(2);
    expect([paidBy(message.value), watcher.readTo]).toEqual([[5n], 10]);
  });

  test("is not missed where a node has the header before the block's transactions: its root and its gas tell", async () => {
    const { chain, watcher } = await started();
    const message = soFar(watcher.message(idOf(1)));
    chain.answer("eth_getBlockByNumber", (...params) => {
      const header = chain.real("eth_getBlockByNumber", params) as Record<string, unknown> | null;
      const roots = { gasUsed: "0xc350", receiptsRoot: hashOf("root"), logsBloom: undefined };
      return header && { ...header, ...roots, transactions: [] };
    });
    chain.answer("eth_getLogs", () => []);
    if (hasBlockReceipts) chain.answer("eth_getBlockReceipts", () => []);
    chain.mine({ hash: hashOf("relay"), logs: [pay(5n), relayed(slow, idOf(1))] });
    await wakeAll(5);
    expect([message.value, watcher.readTo]).toEqual([undefined, 9]);
    for (const method of ["eth_getBlockByNumber", "eth_getLogs", "eth_getBlockReceipts"])
      chain.unanswer(method);
    await wakeAll(2);
    expect([paidBy(message.value), watcher.readTo]).toEqual([[5n], 10]);
  });

  test("that comes by the fast messenger is handed out as well", async () => {
    const { chain, watcher } = await started();
    const message = soFar(watcher.message(idOf(1)));
    chain.mine({ hash: hashOf("relay"), logs: [relayed(fast, idOf(1))] });
    await wakeAll();
    expect(message.value?.id).toBe(idOf(1));
  });

  test("that came before anybody asked is handed out to who asks then", async () => {
    const { chain, watcher } = await started();
    chain.mine({ hash: hashOf("relay"), logs: [pay(5n), relayed(slow, idOf(1))] });
    await wakeAll();
    expect(paidBy(await watcher.message(idOf(1)))).toEqual([5n]);
  });

  test("of several in one transaction gets what its own part paid", async () => {
    const { chain, watcher } = await started();
    const messages = [1, 2, 3].map((number) => soFar(watcher.message(idOf(number))));
    const first = [pay(1n), relayed(slow, idOf(1))];
    const second = [relayed(slow, idOf(2))];
    const third = [pay(3n), pay(4n), relayed(slow, idOf(3))];
    const logs = [...first, ...second, ...third];
    chain.mine({ hash: hashOf("relay"), logs });
    await wakeAll();
    expect(messages.map(({ value }) => paidBy(value))).toEqual([[1n], [], [3n, 4n]]);
  });

  test("has no part in what another transaction of its block paid", async () => {
    const { chain, watcher } = await started();
    const message = soFar(watcher.message(idOf(1)));
    chain.mine(
      { hash: hashOf("other"), logs: [pay(1n)] },
      { hash: hashOf("relay"), logs: [relayed(slow, idOf(1))] },
    );
    await wakeAll();
    expect(paidBy(message.value)).toEqual([]);
  });

  test("whose relaying failed is waited for until it comes again", async () => {
    const { chain, watcher, lines } = await started();
    const message = soFar(watcher.message(idOf(1)));
    chain.mine({ hash: hashOf("first"), logs: [relayFailed(slow, idOf(1))] });
    await wakeAll();
    expect(message.value).toBeUndefined();
    expect(lines.at(-1)).toContain(`WARNING message ${idOf(1)} failed when relayed by ${hashOf("first")}`);
    chain.mine({ hash: hashOf("second"), logs: [pay(5n), relayed(slow, idOf(1))] });
    await wakeAll();
    expect(message.value?.hash).toBe(hashOf("second"));
  });

  test("that failed leaves its payouts to nobody", async () => {
    const { chain, watcher } = await started();
    const message = soFar(watcher.message(idOf(2)));
    const logs = [pay(1n), relayFailed(slow, idOf(1)), relayed(slow, idOf(2))];
    chain.mine({ hash: hashOf("relay"), logs });
    await wakeAll();
    expect(paidBy(message.value)).toEqual([]);
  });

  test("that only looks relayed, at a contract that is no messenger, is none", async () => {
    const { chain, watcher } = await started();
    const message = soFar(watcher.message(idOf(1)));
    chain.mine({ hash: hashOf("forged"), logs: [pay(1n), relayed(addressOf(66), idOf(1))] });
    await wakeAll();
    expect(message.value).toBeUndefined();
  });
});

describe("a message that nobody asked for", () => {
  const arrive = async (chain: FakeChain, number: number): Promise<void> => {
    chain.mine({ hash: hashOf(`relay ${number}`), logs: [relayed(slow, idOf(number))] });
    await wakeAll();
  };

  test("is remembered for its time", async () => {
    const chain = new FakeChain();
    const { watcher, clock } = await watching(chain);
    await arrive(chain, 1);
    clock.advance(REMEMBERED_MS - 1);
    await arrive(chain, 2);
    expect((await watcher.message(idOf(1))).id).toBe(idOf(1));
  });

  test("is forgotten afterwards, so that memory does not grow", async () => {
    const chain = new FakeChain();
    const { watcher, clock } = await watching(chain);
    await arrive(chain, 1);
    clock.advance(REMEMBERED_MS + 1);
    await arrive(chain, 2);
    void watcher.message(idOf(1));
    void watcher.message(idOf(2));
    expect(watcher.waitingForMessages).toBe(1);
  });

  test("is handed out again, as after a reorganisation its crossing is followed anew", async () => {
    const chain = new FakeChain();
    const { watcher } = await watching(chain);
    await arrive(chain, 1);
    await watcher.message(idOf(1));
    expect((await watcher.message(idOf(1))).id).toBe(idOf(1));
    expect(watcher.waitingForMessages).toBe(0);
  });
});

test("a message that is given up is waited for no longer", async () => {
  const { watcher } = await watching(new FakeChain());
  void watcher.message(idOf(1));
  watcher.forget({ message: idOf(1) });
  expect(watcher.waitingForMessages).toBe(0);
});

test("a message that the bridge itself tries again is waited for, and told all the same", async () => {
  const chain = new FakeChain();
  const reader = (await bridgeOn({ 1: chain, 2: chain })).reader(1);
  const arrivals: typeof reader.arrivals = (facts, warn) =>
    reader.arrivals(facts, warn).map((arrival) => ({
      ...arrival,
      isTriedAgain: arrival.payouts.length === 0,
    }));
  const { watcher, stream } = await watching(chain, { bridge: { ...reader, arrivals } });
  const told: Arrival[] = [];
  stream.subscribe("report", { block: (block) => void told.push(...block.arrivals) });
  const message = soFar(watcher.message(idOf(1)));
  chain.mine({ hash: hashOf("failed"), logs: [relayed(slow, idOf(1))] });
  await wakeAll();
  expect(message.value).toBeUndefined();
  expect(told).toMatchObject([{ id: idOf(1), payouts: [] }]);
  // Whoever begins to wait afterwards waits, too.
  const later = soFar(watcher.message(idOf(1)));
  await wakeAll();
  expect(later.value).toBeUndefined();
  chain.mine({ hash: hashOf("again"), logs: [pay(5n), relayed(slow, idOf(1))] });
  await wakeAll();
  expect(paidBy(later.value)).toEqual([5n]);
  expect(told).toHaveLength(2);
});
