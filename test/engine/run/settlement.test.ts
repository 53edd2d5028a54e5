import { ZeroAddress } from "ethers";
import { PREDEPLOYS } from "../../../stress/protocols/ovm2/predeploys.ts";
import { describe, expect, test, vi } from "vitest";
import { type Chain, otherChain } from "../../../stress/engine/base/chain.ts";
import type { MessageId } from "../../../stress/protocols/ovm2/messages.ts";
import { followCrossing } from "../../../stress/engine/run/settlement.ts";
import { Abandoned } from "../../../stress/engine/base/stop.ts";
import { operationOf } from "../../../stress/protocols/ovm2/operations.ts";
import { isCrossing } from "../../../stress/protocols/operation.ts";
import { FakeChain, type FakeLog, hashOf } from "../../fakes/chain.ts";
import { addressOf, contracts } from "../../fakes/contracts.ts";
import { eventLog, idOf, noise, poolPays, relayed, relayFailed, sent } from "../../fakes/events.ts";
import { wakeAll } from "../../fakes/timers.ts";
import { receiptOf } from "../../fakes/receipts.ts";
import { soFar, watching } from "../../fakes/watching.ts";

vi.mock("node:timers/promises", () => import("../../fakes/timers.ts"));

const CHILD = addressOf(70);
const MESSENGER = { 1: contracts.addresses.l1Messenger, 2: contracts.messengers[2][0] ?? "" };

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
  const messages: [MessageId, Chain][] = [];

  /** Deposits, sending message `number`, and follows the crossing. */
  const follow = async (code: string, number: number, signal = new AbortController().signal) => {
    const operation = operationOf(code);
    if (!isCrossing(operation)) throw new Error(`${code} does not cross`);
    const { from } = operation;
    const receipt = watchers[from].receipt(hashOf(`deposit ${number}`));
    chains[from].mine({ hash: hashOf(`deposit ${number}`), logs: [sent(MESSENGER[from], number)] });
    await wakeAll();
    const end = followCrossing(operation, await receipt, {
      contracts,
      watchers,
      signal,
      onMessage: (id, to) => messages.push([id, to]),
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
  return { chains, watchers, messages, follow, relay };
}

describe.each([
  ["FX", 2 as const],
  ["FO", 1 as const],
  ["SX", 2 as const],
  ["SO", 1 as const],
])("the crossing %s from chain %i", (code, from) => {
  const to = otherChain(from);
  const paid = { kind: "paid", chain: to, hash: hashOf("relay 1"), to: CHILD, amount: 5n };

  test("is paid where its payout comes after the deposit's receipt", async () => {
    const { follow, relay } = await bridged();
    const { end } = await follow(code, 1);
    await relay(to, 1, payout(code, 5n));
    expect(await end).toEqual(paid);
  });

  test("is paid where its payout was seen before the deposit's receipt", async () => {
    const { follow, relay } = await bridged();
    await relay(to, 1, payout(code, 5n));
    const { end } = await follow(code, 1);
    expect(await end).toEqual(paid);
  });

  test("is not paid by another deposit's payout, be it equal in all but its message", async () => {
    const { follow, relay } = await bridged();
    const [first, second] = [await follow(code, 1), await follow(code, 2)];
    const one = soFar(first.end);
    await relay(to, 2, payout(code, 5n));
    expect((await second.end).kind === "paid" && one.value === undefined).toBe(true);
    await relay(to, 1, payout(code, 5n));
    expect(one.value).toEqual(paid);
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
    expect(ended.value).toEqual(paid);
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

  test("tells which message it waits for, and where", async () => {
    const { messages, follow } = await bridged();
    await follow(code, 1);
    expect(messages).toEqual([[idOf(1), to]]);
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
    expect(await end).toEqual({
      kind: "settled back",
      chain: from,
      hash: hashOf("relay 2"),
      to: CHILD,
      amount: 5n,
    });
    expect(messages).toEqual([
      [idOf(1), to],
      [idOf(2), from],
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

test("a deposit whose receipt sent no message is lost", async () => {
  const { watchers } = await bridged();
  const operation = operationOf("FX");
  if (!isCrossing(operation)) throw new Error("wants a crossing");
  const trail = { contracts, watchers, signal: AbortSignal.any([]), onMessage: () => undefined };
  expect(await followCrossing(operation, receiptOf(), trail)).toMatchObject({ kind: "lost" });
});
