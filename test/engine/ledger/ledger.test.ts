import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CHAINS, type Chain } from "../../../stress/engine/base/chain.ts";
import { BALANCE, Ledger, type Move } from "../../../stress/engine/ledger/index.ts";
import { paymentMoves } from "../../../stress/engine/transactions/index.ts";
import {
  crossingMoves,
  rewardMoves,
  stakeMoves,
  unstakeMoves,
} from "../../../stress/protocols/ovm2/moves.ts";
import { STAKE, TOKENS } from "../../../stress/protocols/ovm2/operation.ts";
import { eventsOf, newStream } from "../../fakes/bridge.ts";
import { addressOf } from "../../fakes/contracts.ts";
import { opened as openedIn } from "../../fakes/net.ts";
import { runs } from "../../fakes/property.ts";
import { receiptOf } from "../../fakes/receipts.ts";

const [ANN, BEN, STRANGER] = [addressOf(1), addressOf(2), addressOf(3)];

/** Ann and Ben have 1000 on each chain; Ann has staked 100 on chain 1. */
function opened(ledger = new Ledger()): Ledger {
  for (const chain of CHAINS) {
    openedIn(ledger, ANN, chain, 1000n, chain === 1 ? 100n : 0n);
    openedIn(ledger, BEN, chain, 1000n, 0n);
  }
  return ledger;
}

const PAYOUT = {
  asset: BALANCE,
  amount: 5n,
  block: 1,
  hash: receiptOf({}).hash,
  cause: "payout",
} as const;

const FEES = { gasFee: 7n, fees: [{ cause: "L1 data fee", wei: 3n }] };
const mined = receiptOf(FEES);
const reverted = receiptOf({ ...FEES, succeeded: false });

describe("a transaction that succeeded", () => {
  test.each<[string, readonly Move[], { ann: bigint; stake: bigint; ben: bigint }]>([
    ["a payment", paymentMoves(BEN, 50n), { ann: 940n, stake: 100n, ben: 1050n }],
    ["a payment to a stranger", paymentMoves(STRANGER, 50n), { ann: 940n, stake: 100n, ben: 1000n }],
    ["a payment to itself", paymentMoves(ANN, 50n), { ann: 990n, stake: 100n, ben: 1000n }],
    ["a stake", stakeMoves(50n), { ann: 940n, stake: 150n, ben: 1000n }],
    ["a stake taken out", unstakeMoves(100n, ANN), { ann: 1090n, stake: 0n, ben: 1000n }],
    ["a stake taken out to another", unstakeMoves(100n, BEN), { ann: 990n, stake: 0n, ben: 1100n }],
    ["a reward", rewardMoves(5n, ANN), { ann: 995n, stake: 100n, ben: 1000n }],
    ["a crossing", crossingMoves(500n), { ann: 490n, stake: 100n, ben: 1000n }],
    ["nothing", [], { ann: 990n, stake: 100n, ben: 1000n }],
  ])("books %s", (_, moves, { ann, stake, ben }) => {
    const ledger = opened();
    ledger.book(ANN, 1, mined, moves);
    expect({
      ann: ledger.balance(ANN, 1),
      stake: ledger.amount(ANN, 1, STAKE),
      ben: ledger.balance(BEN, 1),
    }).toEqual({
      ann,
      stake,
      ben,
    });
  });

  test("changes nothing on the other chain", () => {
    const ledger = opened();
    ledger.book(ANN, 1, mined, paymentMoves(BEN, 50n));
    expect([ledger.balance(ANN, 2), ledger.balance(BEN, 2)]).toEqual([1000n, 1000n]);
  });

  test("of fee tokens moves them and no ether but its fees", () => {
    const ledger = opened();
    openedIn(ledger, ANN, 2, 1000n, 0n, 10n);
    ledger.book(ANN, 2, mined, paymentMoves(BEN, 4n, TOKENS));
    expect([ledger.amount(ANN, 2, TOKENS), ledger.amount(BEN, 2, TOKENS), ledger.balance(ANN, 2)]).toEqual([
      6n,
      4n,
      990n,
    ]);
  });

  test("of a crossing takes its exit fee in tokens", () => {
    const ledger = opened();
    openedIn(ledger, ANN, 2, 1000n, 0n, 10n);
    ledger.book(ANN, 2, mined, crossingMoves(500n, 4n));
    expect([ledger.amount(ANN, 2, TOKENS), ledger.balance(ANN, 2)]).toEqual([6n, 490n]);
  });
});

describe("a transaction that failed", () => {
  test.each<[string, readonly Move[]]>([
    ["a payment", paymentMoves(BEN, 50n)],
    ["a stake", stakeMoves(50n)],
    ["a stake taken out to another", unstakeMoves(100n, BEN)],
    ["a reward", rewardMoves(5n, ANN)],
    ["a crossing", crossingMoves(500n, 4n)],
    ["tokens", paymentMoves(BEN, 4n, TOKENS)],
    ["nothing", []],
  ])("costs its fees and books nothing of %s", (_, moves) => {
    const ledger = opened();
    openedIn(ledger, ANN, 2, 1000n, 0n, 10n);
    ledger.book(ANN, 1, reverted, moves);
    const [ann, stake, ben] = [ledger.balance(ANN, 1), ledger.amount(ANN, 1, STAKE), ledger.balance(BEN, 1)];
    expect([ann, stake, ben, ledger.amount(ANN, 2, TOKENS)]).toEqual([990n, 100n, 1000n, 10n]);
  });
});

describe("money that arrives", () => {
  test("is told of, with account and chain", () => {
    const stream = newStream();
    const told = eventsOf(stream, "credited");
    const ledger = opened(new Ledger([], stream));
    ledger.add(ANN, 2, PAYOUT);
    ledger.book(ANN, 1, mined, paymentMoves(BEN, 50n));
    expect(told).toEqual([
      { kind: "credited", account: ANN, chain: 2 },
      { kind: "credited", account: BEN, chain: 1 },
    ]);
  });

  test("at an account that is not the run's is none of its business", () => {
    const stream = newStream();
    const told = eventsOf(stream, "credited");
    const ledger = opened(new Ledger([], stream));
    ledger.add(STRANGER, 1, PAYOUT);
    expect([ledger.balance(STRANGER, 1), told]).toEqual([0n, []]);
  });
});

test("opening an account again replaces what was known of it", () => {
  const ledger = opened();
  openedIn(ledger, ANN, 1, 5n, 6n);
  expect([ledger.balance(ANN, 1), ledger.amount(ANN, 1, STAKE)]).toEqual([5n, 6n]);
});

describe("whatever is booked", () => {
  const account = fc.constantFrom(ANN, BEN);
  const amount = fc.bigInt({ min: 0n, max: 10n ** 20n });
  const moves: fc.Arbitrary<{ readonly moves: readonly Move[]; readonly away: bigint }> = fc.oneof(
    fc.tuple(account, amount).map(([to, wei]) => ({ moves: paymentMoves(to, wei), away: 0n })),
    amount.map((wei) => ({ moves: stakeMoves(wei), away: 0n })),
    fc.tuple(account, amount).map(([to, wei]) => ({ moves: unstakeMoves(wei, to), away: 0n })),
    amount.map((wei) => ({ moves: crossingMoves(wei), away: wei })),
    fc.constant({ moves: [], away: 0n }),
  );
  const booking = fc.record({
    account,
    chain: fc.constantFrom<Chain>(1, 2),
    moved: moves,
    dataFee: amount,
    receipt: fc.record({ gasFee: amount, succeeded: fc.boolean() }),
  });

  test("balances and stakes together change by fees and crossings only", () => {
    fc.assert(
      fc.property(fc.array(booking), (bookings) => {
        const ledger = opened();
        const total = (): bigint =>
          CHAINS.flatMap((chain) =>
            [ANN, BEN].map((one) => ledger.balance(one, chain) + ledger.amount(one, chain, STAKE)),
          ).reduce((sum, value) => sum + value, 0n);
        let expected = total();
        for (const { account: one, chain, moved, dataFee, receipt } of bookings) {
          const fees = [{ cause: "L1 data fee", wei: dataFee }];
          ledger.book(one, chain, receiptOf({ ...receipt, fees }), moved.moves);
          expected -= receipt.gasFee + dataFee;
          if (receipt.succeeded) expected -= moved.away;
        }
        expect(total()).toBe(expected);
      }),
      runs(300),
    );
  });
});
