import { describe, expect, test } from "vitest";
import { Inquiries } from "../../../stress/engine/audit/index.ts";
import { auditing, withdrawal } from "../../fakes/auditing.ts";
import { arrived, hidesEvents, showsEvents } from "../../fakes/blind.ts";
import { eventsOf } from "../../fakes/bridge.ts";
import { deadEndpoint, hashOf, nodeError } from "../../fakes/chain.ts";
import { DEPOSIT } from "../../fakes/crossings.ts";
import { idOf } from "../../fakes/events.ts";
import { account } from "../../fakes/submitting.ts";
import { hurry, wakeAll } from "../../fakes/timers.ts";
import { soFar } from "../../fakes/watching.ts";

type Json = Readonly<Record<string, unknown>>;

const OVERDUE = 5000;

/** A crossing whose payout was mined, and not seen: its message waits. By then it is overdue. */
async function missed() {
  const all = await auditing();
  const [chain] = [all.chains[1]];
  all.audit.limits = { slowAfter: 1000, overdueAfter: OVERDUE };
  await all.deposit(1);
  const waiting = soFar(all.watchers[1].message(idOf(1)));
  hidesEvents(chain);
  await all.relay(1, withdrawal());
  showsEvents(chain);
  await wakeAll();
  const recalled = eventsOf(all.stream, "recalled");
  const report = async () => {
    all.clock.advance(OVERDUE + 1);
    const { counts, exceptions } = await hurry(all.audit.report());
    const [is] = Object.entries(counts).flatMap(([name, count]) => (count > 0 ? [name] : []));
    return { is, exceptions };
  };
  const booked = (): bigint => all.ledger.balance(account.address, 1);
  return { ...all, chain, waiting, recalled, report, booked };
}

describe("a crossing whose payout no node told of", () => {
  test("is found where it is not overdue yet, too: the books would differ by it", async () => {
    const { audit, chain, booked } = await missed();
    arrived(chain, 1);
    expect((await hurry(audit.report())).counts).toMatchObject({ "in flight": 0, "paid once": 1 });
    expect(booked()).toBe(DEPOSIT);
  });

  test("is in flight where the contracts deny that it arrived, and it is not overdue yet", async () => {
    const { audit, chain, booked } = await missed();
    arrived(chain, 7);
    expect((await hurry(audit.report())).counts).toMatchObject({ "in flight": 1, lost: 0 });
    expect(booked()).toBe(0n);
  });

  test("is paid once where the contracts say that it arrived: it is read again, and told to everybody", async () => {
    const { chain, report, booked, waiting, recalled } = await missed();
    arrived(chain, 1);
    expect((await report()).is).toBe("paid once");
    expect(booked()).toBe(DEPOSIT);
    expect(waiting.value).toMatchObject({ id: idOf(1), block: chain.head });
    expect(recalled).toMatchObject([{ chain: 1, payouts: [{ amount: DEPOSIT }] }]);
    // Asking again changes nothing.
    expect((await report()).is).toBe("paid once");
    expect([booked(), recalled.length]).toEqual([DEPOSIT, 1]);
  });

  test("is lost where the contracts deny that it arrived, in the state of the block that was read", async () => {
    const { chain, report, watchers } = await missed();
    arrived(chain, 7);
    const { is, exceptions } = await report();
    expect([is, exceptions[0]?.difference]).toEqual(["lost", -DEPOSIT]);
    const [asked] = chain.calls.filter(({ method }) => method === "eth_call").slice(-1);
    expect(asked?.params[1]).toBe(`0x${watchers[1].readTo.toString(16)}`);
  });

  test.each([
    ["the contracts cannot be asked", "eth_call", deadEndpoint()],
    ["the contracts' old state is gone", "eth_call", nodeError("missing trie node")],
    ["no node tells where it arrived", "eth_getLogs", nodeError("query returned more than 10000 results")],
    ["its transaction cannot be read", "eth_getTransactionReceipt", deadEndpoint()],
  ])("is not known, and not called lost, where %s", async (_, method, error) => {
    const { chain, report, booked } = await missed();
    arrived(chain, 1);
    chain.answer(method, () => {
      throw error;
    });
    const { is, exceptions } = await report();
    expect([is, exceptions[0]?.difference, booked()]).toEqual(["not known", 0n, 0n]);
    // And it is found out as soon as it can be.
    chain.unanswer(method);
    arrived(chain, 1);
    expect((await report()).is).toBe("paid once");
  });

  test("is booked once, however many ask at the same time", async () => {
    const { audit, chain, watchers, report, booked, recalled, clock, ...all } = await missed();
    arrived(chain, 1);
    clock.advance(OVERDUE + 1);
    const { bridge, nodes } = all;
    const inquiries = new Inquiries({ bridge, nodes, watchers, clock });
    const asking = [audit.report(), audit.report(), inquiries.arrival(1, idOf(1))];
    await hurry(Promise.all(asking));
    expect([booked(), recalled.length, (await report()).is]).toEqual([DEPOSIT, 1, "paid once"]);
  });

  test("is told to have failed where it arrived, where the contracts say so", async () => {
    const { chain, watchers, bridge, nodes, clock } = await missed();
    arrived(chain, 7);
    const failureOf = async (): Promise<"unknown"> => "unknown";
    const history = { ...bridge.history, failureOf };
    const inquiries = new Inquiries({
      bridge: { history, sent: (on, receipt) => bridge.sent(on, receipt) },
      nodes,
      watchers,
      clock,
    });
    expect(await hurry(inquiries.arrival(1, idOf(1)))).toMatchObject({ kind: "not known" });
  });

  test("is found where it had failed before, by the transaction that carried it out since", async () => {
    const { chain, watchers, bridge, nodes, clock, booked, recalled } = await missed();
    arrived(chain, 1);
    const inquiries = new Inquiries({ bridge, nodes, watchers, clock });
    const place = { hash: hashOf("failed"), block: 1, logIndex: 0 };
    const failed = {
      id: idOf(1),
      queue: undefined,
      ...place,
      payouts: [],
      answer: undefined,
      isRepeatable: true,
    };
    const found = await hurry(inquiries.arrival(1, idOf(1), failed));
    expect(found).toMatchObject({ kind: "arrived", arrival: { payouts: [{ amount: DEPOSIT }] } });
    expect([booked(), recalled.length]).toEqual([DEPOSIT, 1]);
  });

  test("is in flight again where a reorganisation takes its payout back, and paid once where that comes again", async () => {
    const { chain, report, booked, relay, recalled } = await missed();
    arrived(chain, 1);
    expect((await report()).is).toBe("paid once");
    chain.fork(1);
    chain.mine();
    chain.mine();
    await wakeAll(3);
    expect(booked()).toBe(0n);
    arrived(chain);
    await relay(1, withdrawal());
    expect([(await report()).is, booked(), recalled.length]).toEqual(["paid once", DEPOSIT, 1]);
  });
});

describe("a message that arrived without its payout being told", () => {
  /** A node that tells all events of a block but the payout. */
  async function halfSeen(isPaid: boolean) {
    const all = await auditing();
    const [chain] = [all.chains[1]];
    await all.deposit(1);
    const payout = withdrawal();
    chain.answer("eth_getBlockReceipts", (...params) =>
      (chain.real("eth_getBlockReceipts", params) as (Json & { logs: Json[] })[]).map((one) => ({
        ...one,
        logs: one.logs.filter(({ data }) => data !== payout.data),
      })),
    );
    await all.relay(1, ...(isPaid ? [payout] : []));
    const booked = (): bigint => all.ledger.balance(account.address, 1);
    return { ...all, booked };
  }

  test("is read again, and what it paid is booked", async () => {
    const { audit, booked } = await halfSeen(true);
    expect(booked()).toBe(0n);
    expect((await hurry(audit.report())).counts).toMatchObject({ "paid once": 1, lost: 0 });
    expect(booked()).toBe(DEPOSIT);
  });

  test("is lost where it has none when it is read again", async () => {
    const { audit, booked } = await halfSeen(false);
    expect((await hurry(audit.report())).counts).toMatchObject({ "paid once": 0, lost: 1 });
    expect(booked()).toBe(0n);
  });
});

test("a deposit whose receipt had no events is followed by the message that it sent", async () => {
  const { audit, chains, deposit, relay } = await auditing();
  hidesEvents(chains[2]);
  await deposit(1);
  showsEvents(chains[2]);
  await relay(1, withdrawal());
  expect((await hurry(audit.report())).counts).toMatchObject({ "paid once": 1, lost: 0 });
});
