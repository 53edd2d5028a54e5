import { ZeroAddress } from "ethers";
import { describe, expect, test } from "vitest";
import { Abandoned, type Chain, otherChain } from "../../../stress/engine/base/index.ts";
import type { MessageId } from "../../../stress/engine/chain/index.ts";
import { BALANCE } from "../../../stress/engine/ledger/index.ts";
import { followCrossing } from "../../../stress/engine/run/crossing.ts";
import { PREDEPLOYS } from "../../../stress/protocols/ovm2/predeploys.ts";
import { Inquiries } from "../../../stress/engine/audit/index.ts";
import { bridgeOn, nodesOf } from "../../fakes/bridge.ts";
import { FakeChain, type FakeLog, hashOf } from "../../fakes/chain.ts";
import { addressOf, contracts } from "../../fakes/contracts.ts";
import { crossing, MESSENGER } from "../../fakes/crossings.ts";
import { eventLog, idOf, noise, poolPays, relayed, relayFailed, sent } from "../../fakes/events.ts";
import { FakeClock } from "../../fakes/clock.ts";
import { hurry, wakeAll } from "../../fakes/timers.ts";
import { receiptOf } from "../../fakes/receipts.ts";
import { receiptFrom, soFar, watching } from "../../fakes/watching.ts";

const CHILD = addressOf(70);

/** How each crossing is paid out. */
const PAYOUTS: Readonly<Record<string, (amount: bigint) => FakeLog>> = {
  FX: (amount) => poolPays("ClientPayL1", CHILD, amount),
  FO: (amount) => poolPays("ClientPayL2", CHILD, amount),
  SX: (amount) => {
    const args = [addressOf(80), CHILD, amount, "0x"];
    return eventLog(contracts.bridge[1], "L1StandardBridge", "ETHWithdrawalFinalized", args);
  },
  SO: (amount) => {
    const args = [ZeroAddress, PREDEPLOYS.eth, addressOf(80), CHILD, amount, "0x"];
    return eventLog(contracts.bridge[2], "L2StandardBridge", "DepositFinalized", args);
  },
};

const payout = (code: string, amount: bigint): FakeLog => PAYOUTS[code]?.(amount) ?? noise(CHILD);

/** Two chains, both watched, and what a crossing takes to happen between them. */
async function bridged() {
  const chains = { 1: new FakeChain(), 2: new FakeChain() };
  const watchers = {
    1: (await watching(chains[1], { chain: 1 })).watcher,
    2: (await watching(chains[2], { chain: 2 })).watcher,
  };
  const bridge = await bridgeOn(chains);
  const inquiries = new Inquiries({ bridge, nodes: nodesOf(chains), watchers, clock: new FakeClock() });
  const messages: [MessageId, bigint][] = [];

  /** Deposits, sending message `number`, and follows the crossing. */
  const follow = async (code: string, number: number, signal = new AbortController().signal) => {
    const { from, way } = crossing(code);
    const receipt = receiptFrom(watchers[from], hashOf(`deposit ${number}`));
    chains[from].mine({ hash: hashOf(`deposit ${number}`), logs: [sent(MESSENGER[from], number)] });
    await wakeAll();
    const sends = { way, asset: BALANCE, amount: 5n };
    const trail = { bridge, watchers, inquiries };
    const end = followCrossing(trail, sends, { chain: from }, await receipt, {
      signal,
      onMessage: ({ id, place }) => messages.push([id, place]),
    });
    return { end };
  };

  /** Relays message `number` to `chain`, together with what its target did. */
  const relay = async (chain: Chain, number: number, ...logs: readonly FakeLog[]): Promise<void> => {
    chains[chain].mine({
      hash: hashOf(`relay ${number}`),
      logs: [...logs, relayed(MESSENGER[chain], idOf(number))],
    });
    await wakeAll();
  };
  return { chains, watchers, bridge, inquiries, messages, follow, relay };
}

describe.each([
  ["FX", 2 as const],
  ["FO", 1 as const],
  ["SX", 2 as const],
  ["SO", 1 as const],
])("the crossing %s from chain %i", (code, from) => {
  const to = otherChain(from);
  const { way } = crossing(code);
  const payment = { way, asset: BALANCE, to: CHILD, amount: 5n, hash: hashOf("relay 1") };
  const paid = { kind: "paid", chain: to, hash: hashOf("relay 1"), to: CHILD, amount: 5n, payout: payment };

  test("is paid where its payout comes after the deposit's receipt", async () => {
    const { follow, relay } = await bridged();
    const { end } = await follow(code, 1);
    await relay(to, 1, payout(code, 5n));
    expect(await end).toMatchObject(paid);
  });

  test("is paid where its payout was seen before the deposit's receipt", async () => {
    const { follow, relay } = await bridged();
    await relay(to, 1, payout(code, 5n));
    const { end } = await follow(code, 1);
    expect(await end).toMatchObject(paid);
  });

  test("is not paid by another deposit's payout, be it equal in all but its message", async () => {
    const { follow, relay } = await bridged();
    const [first, second] = [await follow(code, 1), await follow(code, 2)];
    const one = soFar(first.end);
    await relay(to, 2, payout(code, 5n));
    expect(await second.end).toMatchObject({ kind: "paid" });
    expect(one.value).toBeUndefined();
    await relay(to, 1, payout(code, 5n));
    expect(one.value).toMatchObject(paid);
    expect(await second.end).toMatchObject({ hash: hashOf("relay 2") });
  });

  test("is lost where its message is relayed without a payout", async () => {
    const { follow, relay } = await bridged();
    const { end } = await follow(code, 1);
    await relay(to, 1);
    expect(await end).toEqual({ kind: "lost", reason: "relayed without a payout" });
  });

  test("is waited for where relaying failed, and paid where it is relayed again", async () => {
    const { chains, follow, relay } = await bridged();
    const { end } = await follow(code, 1);
    const ended = soFar(end);
    chains[to].mine({ hash: hashOf("failed"), logs: [relayFailed(MESSENGER[to], idOf(1))] });
    await wakeAll();
    expect(ended.value).toBeUndefined();
    await relay(to, 1, payout(code, 5n));
    expect(ended.value).toMatchObject(paid);
  });

  test("is abandoned where the run stops waiting, and its message is forgotten", async () => {
    const { watchers, follow } = await bridged();
    const controller = new AbortController();
    const { end } = await follow(code, 1, controller.signal);
    expect(watchers[to].waitingForMessages).toBe(1);
    controller.abort();
    await expect(end).rejects.toBeInstanceOf(Abandoned);
    expect(watchers[to].waitingForMessages).toBe(0);
  });

  test("tells which message it waits for, and its place in its queue", async () => {
    const { messages, follow } = await bridged();
    await follow(code, 1);
    expect(messages).toEqual([[idOf(1), 1n]]);
  });
});

describe.each([
  ["FX", 2 as const, "ClientPayL2Settlement" as const],
  ["FO", 1 as const, "ClientPayL1Settlement" as const],
])("the crossing %s that its pool cannot pay", (code, from, event) => {
  const to = otherChain(from);

  test(`is settled back on chain ${from} by ${event}`, async () => {
    const { messages, follow, relay } = await bridged();
    const { end } = await follow(code, 1);
    await relay(to, 1, sent(MESSENGER[to], 2));
    await relay(from, 2, poolPays(event, CHILD, 5n));
    expect(await end).toMatchObject({
      kind: "settled back",
      chain: from,
      hash: hashOf("relay 2"),
      to: CHILD,
      amount: 5n,
    });
    expect(messages).toEqual([
      [idOf(1), 1n],
      [idOf(2), 2n],
    ]);
  });

  test("is settled back whatever was seen first", async () => {
    const { follow, relay } = await bridged();
    await relay(from, 2, poolPays(event, CHILD, 5n));
    await relay(to, 1, sent(MESSENGER[to], 2));
    const { end } = await follow(code, 1);
    expect(await end).toMatchObject({ kind: "settled back", chain: from, amount: 5n });
  });

  test("is lost where the message that settles it back brings nothing", async () => {
    const { follow, relay } = await bridged();
    const { end } = await follow(code, 1);
    await relay(to, 1, sent(MESSENGER[to], 2));
    await relay(from, 2);
    expect(await end).toMatchObject({ kind: "lost" });
  });
});

describe("a deposit whose receipt sent no message", () => {
  /** The end of one whose receipt, when it is read again, has these events. */
  async function endOf(...logs: readonly FakeLog[]) {
    const { chains, relay, ...trail } = await bridged();
    const { from, to, way } = crossing("FX");
    const deposit = hashOf("deposit");
    chains[from].mine({ hash: deposit, logs });
    await relay(to, 1, payout("FX", 5n));
    const receipt = receiptOf({ hash: deposit, blockHash: chains[from].hashAt(chains[from].head) ?? "" });
    const never = { signal: new AbortController().signal };
    return followCrossing(trail, { way, asset: BALANCE, amount: 5n }, { chain: from }, receipt, never);
  }

  test("is lost where it sends none when it is read again", async () => {
    expect(await endOf()).toMatchObject({ kind: "lost" });
  });

  test("goes its way where it sends one when it is read again", async () => {
    expect(await endOf(sent(MESSENGER[2], 1))).toMatchObject({ kind: "paid", amount: 5n });
  });

  test("is waited for, and not called lost, as long as no node tells of it", async () => {
    const { chains, relay, ...trail } = await bridged();
    const { from, to, way } = crossing("FX");
    const deposit = hashOf("deposit");
    await relay(to, 1, payout("FX", 5n));
    chains[from].mine({ hash: deposit, logs: [sent(MESSENGER[2], 1)] });
    const receipt = receiptOf({ hash: deposit, blockHash: chains[from].hashAt(chains[from].head) ?? "" });
    chains[from].answer("eth_getTransactionReceipt", () => null);
    const never = { signal: new AbortController().signal };
    const sends = { way, asset: BALANCE, amount: 5n };
    const end = followCrossing(trail, sends, { chain: from }, receipt, never);
    await wakeAll(20);
    expect(soFar(end).value).toBeUndefined();
    chains[from].unanswer("eth_getTransactionReceipt");
    expect(await hurry(end)).toMatchObject({ kind: "paid", amount: 5n });
  });
});
