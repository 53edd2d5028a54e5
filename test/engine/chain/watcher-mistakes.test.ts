import { describe, expect, test } from "vitest";
import type { BridgeReader } from "../../../stress/engine/chain/index.ts";
import { MalformedAnswer } from "../../../stress/engine/rpc/index.ts";
import { bridgeOn, eventsOf, newStream } from "../../fakes/bridge.ts";
import { deadEndpoint, FakeChain, hashOf } from "../../fakes/chain.ts";
import { addressOf, contracts } from "../../fakes/contracts.ts";
import { idOf, poolPays, relayed } from "../../fakes/events.ts";
import { wakeAll } from "../../fakes/timers.ts";
import { numbersOf, receiptFrom, soFar, watching } from "../../fakes/watching.ts";

const [A, B] = [hashOf("a"), hashOf("b")];
const [messenger = ""] = contracts.messengers[1];
const MISTAKE = new TypeError("a mistake of our own");

/** A watcher whose bridge's part is partly a test's own, and everything that it tells. */
async function started(own: Partial<BridgeReader> = {}) {
  const chain = new FakeChain();
  const stream = newStream();
  const bridge = { ...(await bridgeOn({ 1: chain, 2: chain })).reader(1), ...own };
  const all = await watching(chain, { bridge, stream });
  return {
    ...all,
    chain,
    faults: eventsOf(stream, "fault"),
    outages: eventsOf(stream, "outage"),
    numbers: numbersOf(stream),
    warnings: () => all.lines.filter((line) => line.startsWith("WARNING")),
  };
}

/** Nobody blamed the endpoint, and the mistake was told as what it is, once each. */
function expectOwnMistake(
  { faults, outages, watcher, warnings }: Awaited<ReturnType<typeof started>>,
  times = 1,
): void {
  expect(faults).toEqual(Array.from({ length: times }, () => ({ kind: "fault", error: MISTAKE })));
  for (const { error } of faults) expect(error).toBe(MISTAKE);
  expect([outages, watcher.health.failingSince, warnings()]).toEqual([[], undefined, []]);
}

describe.each(["journal", "report"])("a listener's mistake, its place being '%s',", (place) => {
  test("is never an endpoint's fault, and no block is lost to anybody", async () => {
    const all = await started();
    const { chain, watcher, stream, numbers } = all;
    stream.subscribe(place, {
      block: ({ block }) => {
        if (block.number === 10) throw MISTAKE;
      },
    });
    const [receipt, next] = [soFar(receiptFrom(watcher, A)), soFar(receiptFrom(watcher, B))];
    const message = soFar(watcher.message(idOf(1)));
    chain.mine({ hash: A, logs: [relayed(messenger, idOf(1))] });
    chain.mine({ hash: B });
    await wakeAll();
    expect(numbers).toEqual([10, 11]);
    expect([receipt.value?.hash, message.value?.hash, next.value?.hash]).toEqual([A, A, B]);
    expect(watcher.readTo).toBe(11);
    expectOwnMistake(all);
    chain.mine();
    await wakeAll();
    expect(numbers).toEqual([10, 11, 12]);
  });

  test("with every block is told with every block, and each is read once all the same", async () => {
    const all = await started();
    const { chain, stream, numbers } = all;
    stream.subscribe(place, {
      block: () => {
        throw MISTAKE;
      },
    });
    for (let block = 0; block < 3; block++) {
      chain.mine();
      await wakeAll(2);
    }
    expect(numbers).toEqual([10, 11, 12]);
    expectOwnMistake(all, 3);
  });

  test("about a reorganisation does not keep the other branch from being read", async () => {
    const all = await started();
    const { chain, watcher, stream, numbers } = all;
    stream.subscribe(place, {
      reorganisation: () => {
        throw MISTAKE;
      },
    });
    chain.mine();
    await wakeAll();
    chain.fork(1);
    const receipt = soFar(receiptFrom(watcher, A));
    chain.mine({ hash: A });
    chain.mine();
    await wakeAll(3);
    expect(numbers).toEqual([10, 10, 11]);
    expect(receipt.value?.blockHash).toBe(chain.hashAt(10));
    expect(all.faults).toEqual([{ kind: "fault", error: MISTAKE }]);
    expect([all.outages, watcher.health.failingSince]).toEqual([[], undefined]);
  });

  test("about an outage does not keep the endpoint from being asked again", async () => {
    const { chain, stream, numbers, faults, watcher } = await started();
    stream.subscribe(place, {
      outage: () => {
        throw MISTAKE;
      },
    });
    chain.answer("eth_blockNumber", () => {
      throw deadEndpoint();
    });
    await wakeAll(2);
    chain.unanswer("eth_blockNumber");
    chain.mine();
    await wakeAll(2);
    expect([numbers, faults, watcher.health.failingSince]).toEqual([
      [10],
      [{ kind: "fault", error: MISTAKE }],
      undefined,
    ]);
  });
});

describe("a mistake of the bridge's", () => {
  test("in a block's arrivals leaves the block without any, and is never an endpoint's fault", async () => {
    const all = await started({
      arrivals: ({ block }) => {
        if (block.number === 10) throw MISTAKE;
        return [];
      },
    });
    const { chain, watcher, stream, numbers } = all;
    const blocks = eventsOf(stream, "block");
    const [receipt, next] = [soFar(receiptFrom(watcher, A)), soFar(receiptFrom(watcher, B))];
    chain.mine({ hash: A });
    chain.mine({ hash: B });
    await wakeAll();
    expect(numbers).toEqual([10, 11]);
    expect(blocks[0]).toMatchObject({ arrivals: [], receipts: [{ hash: A }] });
    expect([receipt.value?.hash, next.value?.hash]).toEqual([A, B]);
    expectOwnMistake(all);
  });

  test("in what depends on the newest block holds up no block, and is never an endpoint's fault", async () => {
    let isWrong = false;
    const all = await started({
      atHead: async () => {
        if (isWrong) throw MISTAKE;
      },
    });
    const { chain, watcher, numbers } = all;
    isWrong = true;
    const receipt = soFar(receiptFrom(watcher, A));
    chain.mine({ hash: A });
    await wakeAll();
    expect([numbers, receipt.value?.hash, watcher.head.number]).toEqual([[10], A, 10]);
    expectOwnMistake(all);
  });
});

test("a mistake of the bridge's before there is anybody to tell keeps the watcher from starting", async () => {
  const atHead = () => Promise.reject(MISTAKE);
  await expect(started({ atHead })).rejects.toBe(MISTAKE);
});

describe("events that a node garbled", () => {
  test.each([
    ["an address of more than 20 bytes", `0x${"ff".repeat(32 * 6)}`],
    ["too few bytes", "0x1234"],
    ["no bytes at all", "garbled"],
  ])("in that they have %s are the endpoint's doing, and their block is read again", async (_, data) => {
    const { chain, watcher, faults, outages, numbers } = await started();
    const message = soFar(watcher.message(idOf(1)));
    const paid = poolPays("ClientPayL1", addressOf(70), 5n);
    chain.mine({ hash: A, logs: [paid, relayed(messenger, idOf(1))] });
    chain.answer("eth_getBlockReceipts", (number) => {
      const receipts = chain.real("eth_getBlockReceipts", [number]) as readonly { readonly logs: object[] }[];
      return receipts.map((receipt) => ({
        ...receipt,
        logs: receipt.logs.map((log, at) => (at === 0 ? { ...log, data } : log)),
      }));
    });
    await wakeAll(5);
    expect([numbers, faults, outages.length, watcher.health.failingSince === undefined]).toEqual([
      [],
      [],
      1,
      false,
    ]);
    chain.unanswer("eth_getBlockReceipts");
    await wakeAll(2);
    expect([numbers, faults, message.value?.payouts.map(({ amount }) => amount)]).toEqual([[10], [], [5n]]);
  });

  test("have their block read again: it is told once, and as it is", async () => {
    let asked = 0;
    const real = (await bridgeOn({ 1: new FakeChain(), 2: new FakeChain() })).reader(1);
    const { chain, watcher, stream, faults, outages, numbers, warnings } = await started({
      arrivals: (facts, warn) => {
        if (++asked < 3) throw new MalformedAnswer("the event does not decode");
        return real.arrivals(facts, warn);
      },
    });
    const blocks = eventsOf(stream, "block");
    const [receipt, message] = [soFar(receiptFrom(watcher, A)), soFar(watcher.message(idOf(1)))];
    chain.mine({ hash: A, logs: [relayed(messenger, idOf(1))] });
    await wakeAll();
    expect([numbers, receipt.value, watcher.readTo]).toEqual([[], undefined, 9]);
    expect(watcher.health.failingSince).toBeDefined();
    await wakeAll(2);
    expect([numbers, asked, watcher.readTo]).toEqual([[10], 3, 10]);
    expect(blocks[0]).toMatchObject({ arrivals: [{ id: idOf(1) }] });
    expect([receipt.value?.hash, message.value?.hash]).toEqual([A, A]);
    expect([faults, outages.length, watcher.health.failingSince]).toEqual([[], 1, undefined]);
    expect(warnings()).toEqual(
      Array(2).fill("WARNING cannot read the chain, will try again: the event does not decode"),
    );
  });
});
