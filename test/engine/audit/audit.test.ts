import { describe, expect, test } from "vitest";
import { BALANCE } from "../../../stress/engine/ledger/index.ts";
import { auditing, withdrawal } from "../../fakes/auditing.ts";
import { addressOf } from "../../fakes/contracts.ts";
import { DEPOSIT, MESSENGER } from "../../fakes/crossings.ts";
import { idOf, relayed, sent } from "../../fakes/events.ts";
import { account } from "../../fakes/submitting.ts";
import { wakeAll } from "../../fakes/timers.ts";

const NONE = {
  "paid once": 0,
  "settled back": 0,
  "in flight": 0,
  lost: 0,
  "not known": 0,
  doubled: 0,
  "wrong amount": 0,
  "wrong recipient": 0,
};

test("an audit counts every crossing once, and tells of those that were not paid once", async () => {
  const { audit, deposit, relay } = await auditing();
  for (const number of [1, 2, 3, 4]) await deposit(number);
  await relay(1, withdrawal());
  await relay(2, withdrawal(DEPOSIT - 1n));
  await relay(3);
  const { counts, exceptions, fromStrangers } = await audit.report();
  expect(counts).toEqual({ ...NONE, "paid once": 1, "wrong amount": 1, lost: 1, "in flight": 1 });
  expect(exceptions.map(({ who, class: is }) => [who, is])).toEqual([
    [2, "wrong amount"],
    [3, "lost"],
    [4, "in flight"],
  ]);
  expect(fromStrangers).toEqual([]);
});

describe("a payout", () => {
  test("is booked where its message comes, also to accounts that did not ask for it", async () => {
    const { ledger, deposit, relay } = await auditing();
    await deposit(1);
    await relay(1, withdrawal(700n));
    await relay(9, withdrawal(30n));
    expect(ledger.balance(account.address, 1)).toBe(730n);
  });

  test("of two relays in one block is booked with both, be they different", async () => {
    const { ledger, mine } = await auditing();
    const message = relayed(MESSENGER[1], idOf(1));
    await mine(1, "both", withdrawal(700n), message, withdrawal(30n), message);
    expect(ledger.balance(account.address, 1)).toBe(730n);
  });

  test("that a reorganisation takes back is not booked any more, and its crossing is in flight", async () => {
    const { audit, chains, ledger, deposit, relay } = await auditing();
    await deposit(1);
    await relay(1, withdrawal());
    chains[1].fork(1);
    chains[1].mine();
    chains[1].mine();
    await wakeAll(3);
    expect(ledger.balance(account.address, 1)).toBe(0n);
    expect((await audit.report()).counts).toEqual({ ...NONE, "in flight": 1 });
    expect(audit.notArrived().map(({ who }) => who)).toEqual([1]);
    await relay(1, withdrawal());
    expect(audit.notArrived()).toEqual([]);
    expect(ledger.balance(account.address, 1)).toBe(DEPOSIT);
    expect((await audit.report()).counts).toEqual({ ...NONE, "paid once": 1 });
  });

  test("is left where only a later one is taken back", async () => {
    const { audit, chains, deposit, relay } = await auditing();
    await deposit(1);
    await relay(1, withdrawal());
    await relay(1, withdrawal());
    expect((await audit.report()).counts).toEqual({ ...NONE, doubled: 1 });
    chains[1].fork(1);
    chains[1].mine();
    chains[1].mine();
    await wakeAll(3);
    expect((await audit.report()).counts).toEqual({ ...NONE, "paid once": 1 });
  });

  test("to an own account of a message that none of its crossings sent is a stranger's", async () => {
    const { audit, relay, hours } = await auditing();
    await relay(9, withdrawal(30n), withdrawal(5n, addressOf(95)));
    const expected = [{ chain: 1, account: account.address, asset: BALANCE, amount: 30n, message: idOf(9) }];
    expect((await audit.report()).fromStrangers).toEqual(expected);
    await hours(3);
    expect((await audit.report()).fromStrangers).toEqual(expected);
  });
});

test("a deposit that is mined again elsewhere is followed by the message it sent there", async () => {
  const { audit, chains, deposit, relay } = await auditing();
  const { hash } = await deposit(1);
  chains[2].fork(1);
  chains[2].mine();
  chains[2].mine({ hash, logs: [sent(MESSENGER[2], 2)] });
  await wakeAll(3);
  await relay(2, withdrawal());
  const { counts, fromStrangers } = await audit.report();
  expect([counts, fromStrangers]).toEqual([{ ...NONE, "paid once": 1 }, []]);
});

test("a deposit that is taken back and not mined again is in flight without a message", async () => {
  const { audit, chains, deposit } = await auditing();
  await deposit(1);
  chains[2].fork(1);
  chains[2].mine();
  chains[2].mine();
  await wakeAll(3);
  const { exceptions } = await audit.report();
  expect(exceptions).toMatchObject([{ class: "in flight", message: undefined }]);
});

test("a payout is late, and a crossing lost, by the limits of the target", async () => {
  const { audit, clock, deposit, relay } = await auditing();
  audit.limits = { slowAfter: 1000, overdueAfter: 5000 };
  await deposit(1);
  await deposit(2);
  clock.advance(1001);
  await relay(1, withdrawal());
  expect(await audit.report()).toMatchObject({
    late: 1,
    counts: { ...NONE, "paid once": 1, "in flight": 1 },
  });
  clock.advance(4000);
  expect(await audit.report()).toMatchObject({ late: 1, counts: { ...NONE, "paid once": 1, lost: 1 } });
});

test("what comes after one behind it in its messenger's queue is out of order", async () => {
  const { audit, deposit, relay, hours } = await auditing();
  for (const number of [1, 2, 3]) await deposit(number);
  await relay(2, withdrawal());
  await relay(1, withdrawal());
  await relay(3, withdrawal());
  expect((await audit.report()).outOfOrder).toBe(1);
  await hours(1);
  expect((await audit.report()).outOfOrder).toBe(1);
});

describe("a crossing that is over for ten minutes", () => {
  /** One that was paid once, late, and then forgotten. */
  async function forgotten() {
    const all = await auditing();
    all.audit.limits = { slowAfter: 1000, overdueAfter: 10 ** 9 };
    await all.deposit(1);
    all.clock.advance(2000);
    await all.relay(1, withdrawal());
    await all.hours(1);
    return all;
  }

  test("stays counted, with what was noticed of it", async () => {
    const { audit } = await forgotten();
    const { counts, late, exceptions } = await audit.report();
    expect([counts, late]).toEqual([{ ...NONE, "paid once": 1 }, 1]);
    expect(exceptions).toMatchObject([{ who: 1, class: "paid once", late: true }]);
  });

  test("and is paid once more is doubled", async () => {
    const { audit, relay } = await forgotten();
    await relay(1, withdrawal(400n));
    const { counts, exceptions, fromStrangers } = await audit.report();
    expect(counts).toEqual({ ...NONE, doubled: 1 });
    expect(exceptions.at(-1)).toMatchObject({ class: "doubled", paid: 400n, difference: 400n });
    expect(fromStrangers).toEqual([]);
  });

  test("and is paid once more stays doubled, however long that is ago", async () => {
    const { audit, relay, hours } = await forgotten();
    await relay(1, withdrawal());
    await hours(3);
    const { counts, fromStrangers } = await audit.report();
    expect([counts, fromStrangers]).toEqual([{ ...NONE, doubled: 1 }, []]);
  });

  test("is not one that was never paid", async () => {
    const { audit, deposit, relay, hours } = await auditing();
    await deposit(1);
    await hours(2);
    expect((await audit.report()).counts).toEqual({ ...NONE, "in flight": 1 });
    await relay(1, withdrawal());
    await hours(1);
    expect((await audit.report()).counts).toEqual({ ...NONE, "paid once": 1 });
  });

  test("is none where its deposit failed", async () => {
    const { audit, chains, stream, hours, deposit } = await auditing();
    const { hash } = await deposit(1);
    const outcomes: boolean[] = [];
    stream.subscribe("report", { mined: ({ receipt }) => outcomes.push(receipt.succeeded) });
    chains[2].fork(1);
    chains[2].mine({ hash, reverted: true });
    chains[2].mine();
    await wakeAll(3);
    expect(outcomes).toEqual([false]);
    await hours(1);
    expect((await audit.report()).counts).toEqual(NONE);
  });
});

test("many crossings are counted before and after they are forgotten alike", async () => {
  const { audit, deposit, relay, hours } = await auditing();
  for (let number = 1; number <= 12; number++) {
    await deposit(number);
    if (number % 3 !== 0) await relay(number, ...(number % 2 === 0 ? [withdrawal()] : [withdrawal(1n)]));
  }
  const before = await audit.report();
  await hours(1);
  const after = await audit.report();
  expect(before.counts).toEqual({ ...NONE, "paid once": 4, "wrong amount": 4, "in flight": 4 });
  expect(after.counts).toEqual(before.counts);
  const differences = (some: typeof before.exceptions): bigint[] =>
    some.map(({ difference }) => difference).sort((a, b) => Number(a - b));
  expect(differences(after.exceptions)).toEqual(differences(before.exceptions));
});
