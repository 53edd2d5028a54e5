import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CHAINS, type Chain } from "../../../stress/engine/base/chain.ts";
import { Ledger } from "../../../stress/engine/ledger/ledger.ts";
import type { Movement } from "../../../stress/engine/ledger/movement.ts";
import { addressOf } from "../../fakes/contracts.ts";
import { opened as openedIn } from "../../fakes/net.ts";
import { runs } from "../../fakes/property.ts";
import { receiptOf } from "../../fakes/receipts.ts";

const [ANN, BEN, STRANGER] = [addressOf(1), addressOf(2), addressOf(3)];

/** Ann and Ben have 1000 on each chain; Ann has staked 100 on chain 1. */
function opened(): Ledger {
  const ledger = new Ledger();
  for (const chain of CHAINS) {
    openedIn(ledger, ANN, chain, 1000n, chain === 1 ? 100n : 0n);
    openedIn(ledger, BEN, chain, 1000n, 0n);
  }
  return ledger;
}

const PAYOUT = {
  balance: 5n,
  stake: 0n,
  tokens: 0n,
  block: 1,
  hash: receiptOf({}).hash,
  cause: "payout",
} as const;

const FEES = { gasFee: 7n, l1Fee: 3n };
const mined = receiptOf(FEES);
const reverted = receiptOf({ ...FEES, succeeded: false });

describe("a transaction that succeeded", () => {
  test.each<[Movement, { ann: bigint; stake: bigint; ben: bigint }]>([
    [
      { kind: "payment", to: BEN, amount: 50n },
      { ann: 940n, stake: 100n, ben: 1050n },
    ],
    [
      { kind: "payment", to: STRANGER, amount: 50n },
      { ann: 940n, stake: 100n, ben: 1000n },
    ],
    [
      { kind: "payment", to: ANN, amount: 50n },
      { ann: 990n, stake: 100n, ben: 1000n },
    ],
    [
      { kind: "stake", amount: 50n },
      { ann: 940n, stake: 150n, ben: 1000n },
    ],
    [
      { kind: "unstake", amount: 100n, to: ANN },
      { ann: 1090n, stake: 0n, ben: 1000n },
    ],
    [
      { kind: "unstake", amount: 100n, to: BEN },
      { ann: 990n, stake: 0n, ben: 1100n },
    ],
    [
      { kind: "reward", amount: 5n, to: ANN },
      { ann: 995n, stake: 100n, ben: 1000n },
    ],
    [
      { kind: "crossing", amount: 500n },
      { ann: 490n, stake: 100n, ben: 1000n },
    ],
    [{ kind: "nothing" }, { ann: 990n, stake: 100n, ben: 1000n }],
  ])("books %o", (movement, { ann, stake, ben }) => {
    const ledger = opened();
    ledger.book(ANN, 1, mined, movement);
    expect({ ann: ledger.balance(ANN, 1), stake: ledger.stake(ANN, 1), ben: ledger.balance(BEN, 1) }).toEqual(
      {
        ann,
        stake,
        ben,
      },
    );
  });

  test("changes nothing on the other chain", () => {
    const ledger = opened();
    ledger.book(ANN, 1, mined, { kind: "payment", to: BEN, amount: 50n });
    expect([ledger.balance(ANN, 2), ledger.balance(BEN, 2)]).toEqual([1000n, 1000n]);
  });

  test("of fee tokens moves them and no ether but its fees", () => {
    const ledger = opened();
    openedIn(ledger, ANN, 2, 1000n, 0n, 10n);
    ledger.book(ANN, 2, mined, { kind: "tokens", to: BEN, amount: 4n });
    expect([ledger.tokens(ANN), ledger.tokens(BEN), ledger.balance(ANN, 2)]).toEqual([6n, 4n, 990n]);
  });

  test("of a crossing takes its exit fee in tokens", () => {
    const ledger = opened();
    openedIn(ledger, ANN, 2, 1000n, 0n, 10n);
    ledger.book(ANN, 2, mined, { kind: "crossing", amount: 500n, exitFee: 4n });
    expect([ledger.tokens(ANN), ledger.balance(ANN, 2)]).toEqual([6n, 490n]);
  });
});

describe("a transaction that failed", () => {
  test.each<Movement>([
    { kind: "payment", to: BEN, amount: 50n },
    { kind: "stake", amount: 50n },
    { kind: "unstake", amount: 100n, to: BEN },
    { kind: "reward", amount: 5n, to: ANN },
    { kind: "crossing", amount: 500n, exitFee: 4n },
    { kind: "tokens", to: BEN, amount: 4n },
    { kind: "nothing" },
  ])("costs its fees and books nothing of %o", (movement) => {
    const ledger = opened();
    openedIn(ledger, ANN, 2, 1000n, 0n, 10n);
    ledger.book(ANN, 1, reverted, movement);
    const [ann, stake, ben] = [ledger.balance(ANN, 1), ledger.stake(ANN, 1), ledger.balance(BEN, 1)];
    expect([ann, stake, ben, ledger.tokens(ANN)]).toEqual([990n, 100n, 1000n, 10n]);
  });
});

describe("money that arrives", () => {
  test("is told of, with account and chain", () => {
    const ledger = opened();
    const told: unknown[] = [];
    ledger.onCredit = (...arrival) => told.push(arrival);
    ledger.add(ANN, 2, PAYOUT);
    ledger.book(ANN, 1, mined, { kind: "payment", to: BEN, amount: 50n });
    expect(told).toEqual([
      [ANN, 2],
      [BEN, 1],
    ]);
  });

  test("at an account that is not the run's is none of its business", () => {
    const ledger = opened();
    ledger.onCredit = () => expect.unreachable();
    ledger.add(STRANGER, 1, PAYOUT);
    expect(ledger.balance(STRANGER, 1)).toBe(0n);
  });
});

test("opening an account again replaces what was known of it", () => {
  const ledger = opened();
  openedIn(ledger, ANN, 1, 5n, 6n);
  expect([ledger.balance(ANN, 1), ledger.stake(ANN, 1)]).toEqual([5n, 6n]);
});

describe("whatever is booked", () => {
  const account = fc.constantFrom(ANN, BEN);
  const amount = fc.bigInt({ min: 0n, max: 10n ** 20n });
  const movement: fc.Arbitrary<Movement> = fc.oneof(
    fc.record({ kind: fc.constant("payment" as const), to: account, amount }),
    fc.record({ kind: fc.constant("stake" as const), amount }),
    fc.record({ kind: fc.constant("unstake" as const), amount, to: account }),
    fc.record({ kind: fc.constant("crossing" as const), amount }),
    fc.record({ kind: fc.constant("nothing" as const) }),
  );
  const booking = fc.record({
    account,
    chain: fc.constantFrom<Chain>(1, 2),
    movement,
    receipt: fc.record({ gasFee: amount, l1Fee: amount, succeeded: fc.boolean() }).map(receiptOf),
  });

  test("balances and stakes together change by fees and crossings only", () => {
    fc.assert(
      fc.property(fc.array(booking), (bookings) => {
        const ledger = opened();
        const total = (): bigint =>
          CHAINS.flatMap((chain) =>
            [ANN, BEN].map((one) => ledger.balance(one, chain) + ledger.stake(one, chain)),
          ).reduce((sum, value) => sum + value, 0n);
        let expected = total();
        for (const { account: one, chain, movement: moved, receipt } of bookings) {
          ledger.book(one, chain, receipt, moved);
          expected -= receipt.gasFee + receipt.l1Fee;
          if (receipt.succeeded && moved.kind === "crossing") expected -= moved.amount;
        }
        expect(total()).toBe(expected);
      }),
      runs(300),
    );
  });
});
