import { describe, expect, test } from "vitest";
import { RelayedMessages } from "../../../stress/engine/audit/relayed.ts";
import { BALANCE } from "../../../stress/engine/ledger/index.ts";
import { withdrawal } from "../../fakes/auditing.ts";
import { bridgeOn, eventsOf, newStream } from "../../fakes/bridge.ts";
import { FakeChain, type FakeLog, hashOf } from "../../fakes/chain.ts";
import { contracts } from "../../fakes/contracts.ts";
import { MESSENGER } from "../../fakes/crossings.ts";
import { idOf, noise, poolPays, relayed, sent } from "../../fakes/events.ts";
import { account } from "../../fakes/submitting.ts";
import { settled, wakeAll } from "../../fakes/timers.ts";
import { soFar, watching } from "../../fakes/watching.ts";

async function relaying() {
  const chains = { 1: new FakeChain(), 2: new FakeChain() };
  const stream = newStream();
  const { clock } = await watching(chains[1], { chain: 1, stream });
  await watching(chains[2], { chain: 2, stream }, clock);
  const bridge = await bridgeOn(chains);
  const relays = new RelayedMessages(bridge, stream, clock);
  const relay = async (number: number, ...logs: readonly FakeLog[]): Promise<void> => {
    const label = `relay ${number} ${chains[1].head}`;
    chains[1].mine({ hash: hashOf(label), logs: [...logs, relayed(MESSENGER[1], idOf(number))] });
    await wakeAll();
  };
  return { chains, clock, stream, bridge, relays, relay };
}

test("a relay is known with what it paid, and by whom", async () => {
  const { relays, relay, clock } = await relaying();
  await relay(1, noise(contracts.pool[1]), withdrawal(7n));
  expect(relays.of(1, idOf(1))).toMatchObject([
    {
      block: 10,
      at: clock.now(),
      queue: MESSENGER[1].toLowerCase(),
      payouts: [{ asset: BALANCE, to: account.address, amount: 7n, fee: 0n }],
      answer: undefined,
    },
  ]);
  expect([relays.of(2, idOf(1)), relays.of(1, idOf(2))]).toEqual([[], []]);
});

test("a relay is known with the message that it was answered with", async () => {
  const { relays, relay } = await relaying();
  await relay(1, sent(MESSENGER[1], 2));
  expect(relays.of(1, idOf(1))).toMatchObject([{ payouts: [], answer: { id: idOf(2), place: 2n } }]);
});

test("a message may be relayed more than once", async () => {
  const { relays, relay } = await relaying();
  await relay(1, withdrawal(7n));
  await relay(1, withdrawal(8n));
  expect(relays.of(1, idOf(1)).map(({ payouts: [paid] }) => paid?.amount)).toEqual([7n, 8n]);
  relays.forget(1, idOf(1));
  expect([...relays.all(1)]).toEqual([]);
});

describe("a reorganisation", () => {
  test("takes back what was relayed after the branches parted, and nothing else", async () => {
    const { chains, relays, relay } = await relaying();
    await relay(1, withdrawal(7n));
    await relay(2, withdrawal(8n));
    await relay(1, withdrawal(9n));
    chains[1].fork(2);
    for (let block = 0; block < 3; block++) chains[1].mine();
    await wakeAll(3);
    expect([...relays.all(1)].map(([id, { length }]) => [id, length])).toEqual([[idOf(1), 1]]);
  });

  test("may bring the same relay in another block, once", async () => {
    const { chains, relays, relay } = await relaying();
    await relay(1, withdrawal(7n));
    chains[1].fork(1);
    chains[1].mine();
    chains[1].mine({ hash: hashOf("again"), logs: [withdrawal(7n), relayed(MESSENGER[1], idOf(1))] });
    await wakeAll(3);
    expect(relays.of(1, idOf(1))).toMatchObject([{ block: 11 }]);
  });

  test("on one chain leaves what was relayed on the other", async () => {
    const { chains, relays, relay } = await relaying();
    await relay(1, withdrawal(7n));
    chains[2].mine();
    await wakeAll();
    chains[2].fork(1);
    chains[2].mine();
    chains[2].mine();
    await wakeAll(3);
    expect(relays.of(1, idOf(1))).toHaveLength(1);
  });
});

describe("the terms of a pool's payouts", () => {
  test("are waited for, but not those of payouts that came afterwards", async () => {
    const { chains, relays, relay } = await relaying();
    const reads: ((answer: string) => void)[] = [];
    chains[1].answer("eth_call", () => new Promise((resolve) => reads.push(resolve)));
    await relay(1, poolPays("ClientPayL1", account.address, 7n));
    const first = reads.splice(0);
    const done = soFar(relays.settled().then(() => true));
    await relay(2, poolPays("ClientPayL1", account.address, 7n));
    await settled();
    expect([done.value, reads.length > 0]).toEqual([undefined, true]);
    for (const resolve of first) resolve(`0x${"00".repeat(256)}`);
    await settled();
    expect(done.value).toBe(true);
  });

  test("are not asked for where the bridge paid", async () => {
    const { chains, relay } = await relaying();
    const before = chains[1].asked("eth_call");
    await relay(1, withdrawal(7n));
    expect(chains[1].asked("eth_call")).toBe(before);
  });

  test("judge all that the block brought, and no other's", async () => {
    const { relays, relay } = await relaying();
    await relay(1, poolPays("ClientPayL1", account.address, 7n));
    await relay(2, withdrawal(7n));
    await relays.settled();
    const [[paid], [other]] = [relays.of(1, idOf(1)), relays.of(1, idOf(2))];
    // Nothing but zeros is what the fake chain's pool says of its rates.
    expect(paid?.payouts.map((one) => paid.terms?.(one, 7n))).toEqual([{ amount: 7n, isKnown: false }]);
    expect(other).toMatchObject({ terms: undefined });
  });

  test("that a mistake of our own keeps from being read are told as a fault, and nobody waits for them", async () => {
    const { bridge, stream, relays, relay } = await relaying();
    const [faults, mistake] = [eventsOf(stream, "fault"), new TypeError("ours")];
    bridge.terms = () => Promise.reject(mistake);
    await relay(1, poolPays("ClientPayL1", account.address, 7n));
    await relays.settled();
    expect(faults).toEqual([{ kind: "fault", error: mistake }]);
    expect(relays.of(1, idOf(1))).toMatchObject([{ terms: undefined }]);
  });
});
