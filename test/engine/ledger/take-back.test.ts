import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Chain } from "../../../stress/engine/base/chain.ts";
import {
  add,
  amountOf,
  BALANCE,
  type Holding,
  Ledger,
  type Move,
  NOTHING,
} from "../../../stress/engine/ledger/index.ts";
import { paymentMoves } from "../../../stress/engine/transactions/index.ts";
import {
  crossingMoves,
  rewardMoves,
  stakeMoves,
  unstakeMoves,
} from "../../../stress/protocols/ovm2/moves.ts";
import { TOKENS } from "../../../stress/protocols/ovm2/operation.ts";
import { hashOf } from "../../fakes/chain.ts";
import { addressOf } from "../../fakes/contracts.ts";
import { opened as openedIn } from "../../fakes/net.ts";
import { runs } from "../../fakes/property.ts";
import { receiptOf } from "../../fakes/receipts.ts";

const [ANN, BEN, STRANGER] = [addressOf(1), addressOf(2), addressOf(3)];
const OWN = [ANN, BEN];

interface Booking {
  readonly account: string;
  readonly block: number;
  readonly moves: readonly Move[];
  readonly gasFee: bigint;
  readonly dataFee: bigint;
  readonly succeeded: boolean;
}

/** Ann and Ben have all kinds of money on chain 2. */
function opened(): Ledger {
  const ledger = new Ledger();
  for (const account of OWN) openedIn(ledger, account, 2, 1000n, 100n, 10n);
  return ledger;
}

function book(ledger: Ledger, { account, block, moves, dataFee, ...receipt }: Booking): void {
  const fees = [{ cause: "L1 data fee", wei: dataFee }];
  ledger.book(account, 2, receiptOf({ ...receipt, fees, blockNumber: block }), moves);
}

/** Books that have never known anything else. */
function booksOf(bookings: readonly Booking[]): Ledger {
  const ledger = opened();
  for (const booking of bookings) book(ledger, booking);
  return ledger;
}

const holdings = (ledger: Ledger): Holding[] => OWN.map((account) => ledger.holding(account, 2));

/** What each cause that had an effect did, told of all that there is. */
const effects = (ledger: Ledger) =>
  [...ledger.totals(2)]
    .map(([cause, total]) => [cause, add({ balance: 0n, stake: 0n, tokens: 0n }, total)] as const)
    .sort(([a], [b]) => a.localeCompare(b));

const account = fc.constantFrom(ANN, BEN);
const amount = fc.bigInt({ min: 0n, max: 10n ** 20n });
const to = fc.constantFrom(ANN, BEN, STRANGER);
const moves: fc.Arbitrary<readonly Move[]> = fc.oneof(
  fc.tuple(to, amount).map(([payee, wei]) => paymentMoves(payee, wei)),
  amount.map((wei) => stakeMoves(wei)),
  fc.tuple(to, amount).map(([payee, wei]) => unstakeMoves(wei, payee)),
  fc.tuple(to, amount).map(([payee, wei]) => rewardMoves(wei, payee)),
  fc.tuple(amount, amount).map(([wei, exitFee]) => crossingMoves(wei, exitFee)),
  fc.tuple(to, amount).map(([payee, tokens]) => paymentMoves(payee, tokens, TOKENS)),
  fc.constant([]),
);
const booked = fc.record({
  account,
  moves,
  gasFee: amount,
  dataFee: amount,
  succeeded: fc.boolean(),
  /** Blocks after the booking before. */
  later: fc.nat({ max: 2 }),
});
const step = fc.oneof(
  { weight: 4, arbitrary: booked },
  { weight: 1, arbitrary: fc.record({ depth: fc.integer({ min: 1, max: 10 }) }) },
);

type Step = (Omit<Booking, "block"> & { readonly later: number }) | { readonly depth: number };

/** Books and takes back as a watcher would, and keeps what is left. */
function replayed(steps: readonly Step[]) {
  const ledger = opened();
  let left: Booking[] = [];
  let block = 1;
  for (const one of steps) {
    if ("depth" in one) {
      block = Math.max(0, block - one.depth);
      const common = block;
      ledger.rollBack(2, common);
      left = left.filter((booking) => booking.block <= common);
      block++;
    } else {
      const { later, ...rest } = one;
      block += later;
      const booking = { ...rest, block };
      book(ledger, booking);
      left.push(booking);
    }
  }
  return { ledger, left, block };
}

describe("whatever is booked and taken back", () => {
  test("leaves what the bookings that are left give", () => {
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const { ledger, left } = replayed(steps);
        const expected = booksOf(left);
        expect(holdings(ledger)).toEqual(holdings(expected));
        expect(effects(ledger)).toEqual(effects(expected));
      }),
      runs(),
    );
  });

  test("is told as of any block", () => {
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const { ledger, left, block: last } = replayed(steps);
        for (let block = 0; block <= last; block++) {
          const then = booksOf(left.filter((booking) => booking.block <= block));
          for (const one of OWN) {
            expect(ledger.bookedAt(one, 2, block)).toEqual(then.holding(one, 2));
          }
        }
      }),
      runs(50),
    );
  });

  test("adds up: what all had, and what each cause did, is what all have", () => {
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const { ledger } = replayed(steps);
        expect(ledger.openings(2)).toEqual({ balance: 2000n, stake: 200n, tokens: 20n });
        const closing = [...ledger.totals(2).values()].reduce(add, ledger.openings(2));
        expect(closing).toEqual(holdings(ledger).reduce(add, NOTHING));
      }),
      runs(),
    );
  });
});

test("what is taken back on one chain stays on the other", () => {
  const ledger = opened();
  openedIn(ledger, ANN, 1, 1000n);
  for (const chain of [1, 2] as Chain[]) {
    ledger.book(ANN, chain, receiptOf({ gasFee: 7n, blockNumber: 5 }), []);
  }
  ledger.rollBack(1, 4);
  expect([ledger.balance(ANN, 1), ledger.balance(ANN, 2)]).toEqual([1000n, 993n]);
});

test("accounts that were taken up in a block that is gone are named", () => {
  const ledger = new Ledger();
  for (const [one, block] of [
    [ANN, 5],
    [BEN, 6],
  ] as const)
    ledger.open(one, 1, block);
  expect(ledger.openedAfter(1, 5)).toEqual([BEN]);
  expect(ledger.openedAfter(2, 0)).toEqual([]);
});

test("what is booked before the opening is known is not lost", () => {
  const ledger = new Ledger();
  ledger.open(ANN, 1, 5);
  ledger.book(ANN, 1, receiptOf({ gasFee: 7n, blockNumber: 6 }), []);
  ledger.setOpening(ANN, 1, { balance: 100n, stake: 3n, tokens: 0n });
  expect(ledger.holding(ANN, 1)).toEqual({ balance: 93n, stake: 3n, tokens: 0n });
});

test("an account that was never taken up has no opening to set", () => {
  expect(() => new Ledger().setOpening(ANN, 1, NOTHING)).toThrow(`${ANN} was not opened on chain 1`);
});

describe("a chain with more entries than are kept", () => {
  const BLOCKS = 1000;
  const KEPT = 500;
  const BURIED = 20;

  /** Books of which few entries are kept, with two accounts in them. */
  function small(): Ledger {
    const ledger = new Ledger([], undefined, KEPT);
    for (const one of [ANN, BEN]) openedIn(ledger, one, 2, 1000n);
    return ledger;
  }

  /** Five payouts of 1 wei in each of 1000 blocks to one, and one in the first to the other. */
  function busy(): Ledger {
    const ledger = small();
    payout(ledger, 1, "the only", BEN);
    for (let block = 1; block <= BLOCKS; block++) {
      for (let index = 0; index < 5; index++) payout(ledger, block, `${block} ${index}`);
      ledger.addUp(2, block - BURIED);
    }
    return ledger;
  }

  const payout = (ledger: Ledger, block: number, label: string, to = ANN): void =>
    ledger.add(to, 2, { asset: BALANCE, amount: 1n, block, hash: hashOf(label), cause: "payout" });

  const pageOf = (ledger: Ledger, account = ANN) => {
    const page = ledger.page(account, 2);
    if (page === undefined) throw new Error("wants an account that was taken up");
    return page;
  };

  test("keeps no more than twice as many", () => {
    const ledger = busy();
    expect(ledger.entries(ANN, 2).length).toBeGreaterThanOrEqual(KEPT - 5);
    expect(ledger.entries(ANN, 2).length).toBeLessThanOrEqual(2 * KEPT);
    expect(ledger.entries(BEN, 2)).toEqual([]);
  });

  test("keeps all that a reorganisation may take back, however many", () => {
    const ledger = small();
    for (let index = 0; index < 3 * KEPT; index++)
      payout(ledger, BLOCKS - BURIED + 1 + (index % 5), String(index));
    ledger.addUp(2, BLOCKS - BURIED);
    expect(ledger.entries(ANN, 2)).toHaveLength(3 * KEPT);
    ledger.rollBack(2, BLOCKS - BURIED);
    expect(ledger.balance(ANN, 2)).toBe(1000n);
  });

  test("is added up in one go for many entries, and not for each block that may be", () => {
    const ledger = small();
    for (let index = 0; index < 3 * KEPT; index++) payout(ledger, 1 + Math.floor(index / 50), String(index));
    ledger.addUp(2, 3);
    expect(pageOf(ledger).openedAt).toBe(0);
    ledger.addUp(2, KEPT / 100);
    expect(pageOf(ledger).openedAt).toBe(KEPT / 100);
  });

  test("is right about every block from its opening on", () => {
    const ledger = busy();
    const { openedAt } = pageOf(ledger);
    expect(openedAt).toBeGreaterThan(0);
    for (let block = openedAt; block <= BLOCKS; block++)
      expect(amountOf(ledger.bookedAt(ANN, 2, block), BALANCE)).toBe(1000n + 5n * BigInt(block));
  });

  test("has what it had, and all causes know all of it", () => {
    const ledger = busy();
    expect([ledger.balance(ANN, 2), ledger.balance(BEN, 2)]).toEqual([6000n, 1001n]);
    expect(ledger.totals(2).get("payout")).toEqual({ balance: 5001n });
    expect(amountOf(ledger.openings(2), BALANCE)).toBe(2000n);
  });

  test("has blocks taken back that are not added up, and is added up again", () => {
    const ledger = busy();
    ledger.rollBack(2, BLOCKS - 10);
    expect(ledger.balance(ANN, 2)).toBe(1000n + 5n * BigInt(BLOCKS - 10));
    expect(amountOf(ledger.bookedAt(ANN, 2, BLOCKS), BALANCE)).toBe(ledger.balance(ANN, 2));
    for (let index = 0; index < 2 * KEPT; index++) payout(ledger, BLOCKS, String(index));
    ledger.addUp(2, BLOCKS);
    expect(ledger.entries(ANN, 2).length).toBeLessThanOrEqual(KEPT);
    expect(ledger.balance(ANN, 2)).toBe(1000n + 5n * BigInt(BLOCKS - 10) + 2n * BigInt(KEPT));
  });

  test("keeps the entries of one block together, however many", () => {
    const ledger = small();
    for (let index = 0; index < 2 * KEPT; index++) payout(ledger, 7, String(index));
    ledger.addUp(2, 6);
    expect([pageOf(ledger).openedAt, amountOf(ledger.bookedAt(ANN, 2, 6), BALANCE)]).toEqual([0, 1000n]);
    payout(ledger, 8, "next");
    ledger.addUp(2, 8);
    expect([pageOf(ledger).openedAt, amountOf(ledger.bookedAt(ANN, 2, 7), BALANCE)]).toEqual([7, 2000n]);
    expect(ledger.entries(ANN, 2)).toHaveLength(1);
  });

  test("takes what was noticed late, of a block that is added up, all the same", () => {
    const ledger = busy();
    payout(ledger, 3, "late");
    expect(ledger.balance(ANN, 2)).toBe(6001n);
    expect(amountOf(ledger.bookedAt(ANN, 2, BLOCKS), BALANCE)).toBe(6001n);
  });

  test("is named where it is taken back further than its entries are kept", () => {
    const ledger = busy();
    const { openedAt } = pageOf(ledger);
    expect(ledger.openedAfter(2, openedAt - 1)).toEqual([ANN, BEN]);
    expect(ledger.openedAfter(2, openedAt)).toEqual([]);
  });
});
