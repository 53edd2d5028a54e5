import * as fc from "fast-check";
import { expect, test } from "vitest";
import { Entries, type Entry } from "../../../stress/engine/ledger/entries.ts";
import { addressOf } from "../../fakes/contracts.ts";
import { hashOf } from "../../fakes/chain.ts";
import { runs } from "../../fakes/property.ts";

const ACCOUNTS = [addressOf(1), addressOf(2), addressOf(3)];

const booked = fc.record({
  account: fc.constantFrom(...ACCOUNTS),
  asset: fc.constantFrom("balance", "stake", "tokens"),
  amount: fc.bigInt({ min: -(2n ** 255n), max: 2n ** 255n }),
  block: fc.nat(40).map((block) => block + 2 ** 33),
  hash: fc.nat(1000).map((number) => hashOf(String(number))),
  cause: fc.constantFrom("payment", "payout", "gas fee"),
});

type Booked = Entry & { readonly account: string };

const entryOf = ({ asset, amount, block, hash, cause }: Booked): Entry => ({
  asset,
  amount,
  block,
  hash,
  cause,
});

function entriesOf(all: readonly Booked[]): Entries {
  const entries = new Entries();
  for (const one of all) entries.add(one.account, entryOf(one));
  return entries;
}

const ofEach = (all: readonly Booked[]): Entry[][] =>
  ACCOUNTS.map((account) => all.filter((one) => one.account === account).map(entryOf));

const kept = (entries: Entries): Entry[][] => ACCOUNTS.map((account) => [...entries.of(account)]);

/** More than there is room for at first, now and then. */
const many = fc.oneof(
  fc.array(booked, { maxLength: 40 }),
  fc.array(booked, { minLength: 1100, maxLength: 1200 }),
);

test("what is kept is what was booked, account by account, in its order", () => {
  fc.assert(
    fc.property(many, (all) => {
      const entries = entriesOf(all);
      expect(entries.count).toBe(all.length);
      expect(kept(entries)).toEqual(ofEach(all));
    }),
    runs(50),
  );
});

test("what is taken out is told once, and all else stays as it was, also for what is booked after it", () => {
  fc.assert(
    fc.property(many, booked, fc.nat(40), fc.constantFrom(...ACCOUNTS), (all, next, block, account) => {
      const entries = entriesOf(all);
      const isGone = (one: number, whose: string): boolean => one > block + 2 ** 33 && whose !== account;
      const told: Booked[] = [];
      entries.remove(isGone, (whose, entry) => told.push({ account: whose, ...entry }));
      entries.add(next.account, entryOf(next));
      expect(told).toEqual(all.filter((one) => isGone(one.block, one.account)));
      expect(kept(entries)).toEqual(ofEach([...all.filter((one) => !isGone(one.block, one.account)), next]));
    }),
    runs(50),
  );
});

test("as many as wanted are of blocks up to the boundary, whole blocks only, and none of it is behind the last block allowed", () => {
  fc.assert(
    fc.property(many, fc.nat(40), fc.integer({ min: 1, max: 50 }), (all, last, wanted) => {
      const block = last + 2 ** 33;
      const allowed = all.filter((one) => one.block <= block);
      fc.pre(allowed.length > 0);
      const { count, boundary } = entriesOf(all).upTo(block, wanted) ?? { count: 0, boundary: block };
      expect(boundary).toBeLessThanOrEqual(block);
      expect(count).toBe(all.filter((one) => one.block <= boundary).length);
      expect(count).toBeGreaterThanOrEqual(Math.min(wanted, allowed.length));
      expect(all.filter((one) => one.block < boundary).length).toBeLessThan(wanted);
    }),
    runs(50),
  );
});

test("none are of blocks before the first", () => {
  const entries = new Entries();
  const entry = { asset: "balance", amount: 1n, block: 7, hash: hashOf("seven"), cause: "payout" };
  entries.add(ACCOUNTS[0] ?? "", entry);
  expect([entries.upTo(6, 1), entries.upTo(7, 1)]).toEqual([undefined, { count: 1, boundary: 7 }]);
});
