import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { classify, type Evidence, type Relay } from "../../../stress/engine/audit/classify.ts";
import { type AuditedCrossing, CROSSING_CLASSES } from "../../../stress/engine/audit/crossing-audit.ts";
import type { Followed } from "../../../stress/engine/audit/followed.ts";
import type { Message } from "../../../stress/engine/chain/index.ts";
import type { Terms } from "../../../stress/protocols/protocol.ts";
import { addressOf } from "../../fakes/contracts.ts";
import {
  DEPOSIT,
  deposited,
  evidenceOf,
  payoutOf,
  relayOf,
  sentCrossing,
  STARTED,
} from "../../fakes/crossings.ts";
import { idOf } from "../../fakes/events.ts";
import { runs } from "../../fakes/property.ts";
import { account } from "../../fakes/submitting.ts";

const [STRANGER, OTHER] = [addressOf(80), addressOf(81)];
/** The bridge keeps 15 of 1000. */
const TERMS: Terms = (_, amount) => ({ amount: amount - (15n * amount) / 1000n, isKnown: true });
const answer = (number: number): Message => ({ id: idOf(number), place: BigInt(number) });

type Found = Partial<AuditedCrossing>;

/** A slow exit whose message is relayed like this on L1. */
const slow = (...relays: readonly Relay[]): [Followed, Evidence] => [
  deposited("SX"),
  evidenceOf({ 1: { 1: relays } }, {}, [account.address, OTHER]),
];

/** A fast exit whose message is relayed like this on L1. */
const fast = (...relays: readonly Relay[]): [Followed, Evidence] => [
  deposited("FX"),
  evidenceOf({ 1: { 1: relays } }),
];

const toSx = (to: string, amount = DEPOSIT) => payoutOf("SX", { to, amount });
const PAID = [relayOf([payoutOf("SX")])];
const settled = (amount: bigint, fee = DEPOSIT - amount) => payoutOf("FX", { amount, fee });

describe("a crossing is", () => {
  test.each<[string, () => [Followed, Evidence], Found]>([
    [
      "paid once by the bridge",
      () => slow(relayOf([payoutOf("SX")])),
      { class: "paid once", due: DEPOSIT, paid: DEPOSIT, difference: 0n, rateKnown: true, paidOn: 1 },
    ],
    [
      "paid once by a pool at its own rate",
      () => fast(relayOf([payoutOf("FX", { amount: 985n, fee: 15n })], { terms: TERMS })),
      { class: "paid once", due: 985n, paid: 985n, difference: 0n, rateKnown: true },
    ],
    [
      "paid once where only the event tells the pool's fee",
      () => fast(relayOf([payoutOf("FX", { amount: 950n, fee: 50n })])),
      { class: "paid once", due: 950n, difference: 0n, rateKnown: false },
    ],
    [
      "paid too little for the pool's rate, whatever the event says",
      () => fast(relayOf([payoutOf("FX", { amount: 950n, fee: 50n })], { terms: TERMS })),
      { class: "wrong amount", due: 985n, paid: 950n, difference: -35n, rateKnown: true },
    ],
    [
      "paid too much for the pool's rate",
      () => fast(relayOf([payoutOf("FX", { amount: 986n, fee: 15n })], { terms: TERMS })),
      { class: "wrong amount", difference: 1n },
    ],
    [
      "paid less than its own event allows",
      () => fast(relayOf([payoutOf("FX", { amount: 980n, fee: 15n })])),
      { class: "wrong amount", due: 985n, difference: -5n, rateKnown: false },
    ],
    [
      "paid too little by the bridge",
      () => slow(relayOf([toSx(account.address, 999n)])),
      { class: "wrong amount", difference: -1n },
    ],
    [
      "doubled by two relays",
      () => slow(relayOf([payoutOf("SX")]), relayOf([payoutOf("SX")])),
      { class: "doubled", due: DEPOSIT, paid: 2n * DEPOSIT, difference: DEPOSIT },
    ],
    [
      "doubled by two payouts of one relay",
      () => slow(relayOf([payoutOf("SX"), payoutOf("SX")])),
      { class: "doubled", paid: 2n * DEPOSIT, difference: DEPOSIT },
    ],
    [
      "doubled where the second payout went to a stranger",
      () => slow(relayOf([payoutOf("SX"), toSx(STRANGER)])),
      { class: "doubled", paid: 2n * DEPOSIT, difference: 0n },
    ],
    [
      "doubled where a message that it had before a reorganisation paid as well",
      () => [deposited("SX"), evidenceOf({ 1: { 1: PAID, 2: PAID } }, { formerMessages: () => [idOf(2)] })],
      { class: "doubled", paid: 2n * DEPOSIT, difference: DEPOSIT },
    ],
    [
      "paid once where the number that it had before is another account's now",
      () => [
        deposited("SX"),
        evidenceOf({ 1: { 1: PAID, 2: [relayOf([toSx(OTHER)])] } }, { formerMessages: () => [idOf(2)] }),
      ],
      { class: "paid once", paid: DEPOSIT, difference: 0n },
    ],
    [
      "paid to a stranger",
      () => slow(relayOf([toSx(STRANGER)])),
      { class: "wrong recipient", paid: DEPOSIT, difference: -DEPOSIT },
    ],
    [
      "paid to another of the run's own accounts",
      () => slow(relayOf([toSx(OTHER)])),
      { class: "wrong recipient", paid: DEPOSIT, difference: 0n },
    ],
    [
      "relayed without a payout",
      () => slow(relayOf([])),
      { class: "lost", message: idOf(1), paid: 0n, difference: -DEPOSIT },
    ],
    ["relayed with a payout of another kind", () => slow(relayOf([payoutOf("FX")])), { class: "lost" }],
    [
      "sent and not relayed yet",
      () => slow(),
      { class: "in flight", message: idOf(1), due: DEPOSIT, difference: 0n, age: 2000 },
    ],
    [
      "overdue",
      () => [deposited("SX"), evidenceOf({}, { now: STARTED + 60_001 })],
      { class: "lost", difference: -DEPOSIT, late: false },
    ],
    [
      "not known where it seems lost and nobody could be asked",
      () => [
        deposited("SX"),
        evidenceOf({}, { now: STARTED + 60_001, verdictOf: () => "not known" as const }),
      ],
      { class: "not known", difference: 0n },
    ],
    [
      "in flight where it seems lost and nobody was asked",
      () => [deposited("SX"), evidenceOf({ 1: { 1: [relayOf([])] } }, { verdictOf: () => undefined })],
      { class: "in flight", difference: 0n },
    ],
    [
      "not overdue at the very limit",
      () => [deposited("SX"), evidenceOf({}, { now: STARTED + 60_000 })],
      { class: "in flight", late: false },
    ],
    [
      "in flight while its deposit waits, however long",
      () => [sentCrossing("SX"), evidenceOf({}, { now: STARTED + 10 ** 9 })],
      { class: "in flight", message: undefined, difference: 0n },
    ],
    [
      "lost where its deposit sent no message",
      () => [deposited("SX", null), evidenceOf({})],
      { class: "lost", message: undefined, difference: -DEPOSIT },
    ],
    [
      "settled back by a message of the pool's own",
      () => [
        deposited("FX"),
        evidenceOf({
          1: { 1: [relayOf([], { answer: answer(2) })] },
          2: { 2: [relayOf([settled(985n)], { terms: TERMS })] },
        }),
      ],
      { class: "settled back", paidOn: 2, message: idOf(2), due: 985n, difference: 0n },
    ],
    [
      "settled back with too little",
      () => [
        deposited("FX"),
        evidenceOf({
          1: { 1: [relayOf([], { answer: answer(2) })] },
          2: { 2: [relayOf([settled(900n)], { terms: TERMS })] },
        }),
      ],
      { class: "wrong amount", paidOn: 2, difference: -85n },
    ],
    [
      "in flight on its way back",
      () => [deposited("FX"), evidenceOf({ 1: { 1: [relayOf([], { answer: answer(2) })] } })],
      { class: "in flight", paidOn: 2, message: idOf(2) },
    ],
    [
      "lost on its way back",
      () => [
        deposited("FX"),
        evidenceOf({
          1: { 1: [relayOf([], { answer: answer(2) })] },
          2: { 2: [relayOf([], { id: idOf(2) })] },
        }),
      ],
      { class: "lost", paidOn: 2, difference: -DEPOSIT },
    ],
    [
      "doubled where it is settled back twice",
      () => [
        deposited("FX"),
        evidenceOf({
          1: { 1: [relayOf([], { answer: answer(2) })] },
          2: { 2: [relayOf([settled(985n)]), relayOf([settled(985n)])] },
        }),
      ],
      { class: "doubled", paidOn: 2, difference: 985n },
    ],
    [
      "doubled where it is paid out and settled back as well",
      () => [
        deposited("FX"),
        evidenceOf({
          1: { 1: [relayOf([payoutOf("FX", { amount: 985n, fee: 15n })], { answer: answer(2) })] },
          2: { 2: [relayOf([settled(985n)])] },
        }),
      ],
      { class: "doubled", paidOn: 1, message: idOf(1), paid: 1970n, difference: 985n },
    ],
    [
      "doubled where one relay pays it out and another settles it back",
      () => [
        deposited("FX"),
        evidenceOf({
          1: {
            1: [relayOf([payoutOf("FX", { amount: 985n, fee: 15n })]), relayOf([], { answer: answer(2) })],
          },
          2: { 2: [relayOf([settled(985n)])] },
        }),
      ],
      { class: "doubled", paid: 1970n },
    ],
  ])("%s", (_, make, expected) => {
    expect(classify(...make())).toMatchObject(expected);
  });

  test.each<[string, () => Followed]>([
    ["failed", () => deposited("SX", 1, false)],
    [
      "was refused",
      () => {
        const followed = sentCrossing("SX");
        followed.transaction.wasRefused("refused", "no");
        return followed;
      },
    ],
  ])("none where its deposit %s", (_, make) => {
    expect(classify(make(), evidenceOf({}))).toBeUndefined();
  });

  test.each([
    [10_000, false],
    [10_001, true],
  ])("paid after %i ms: late is %s", (ms, late) => {
    const [followed, evidence] = slow(relayOf([payoutOf("SX")], { at: STARTED + ms }));
    expect(classify(followed, evidence)).toMatchObject({ class: "paid once", age: ms, late });
  });
});

describe("whatever happens to a crossing", () => {
  const payout = fc.record({
    to: fc.constantFrom(account.address, OTHER, STRANGER),
    amount: fc.constantFrom(0n, 900n, 985n, DEPOSIT),
    fee: fc.constantFrom(0n, 15n),
  });
  const happened = fc.record({
    relays: fc.array(fc.array(payout, { maxLength: 2 }), { maxLength: 2 }),
    isRateKnown: fc.boolean(),
    waited: fc.integer({ min: 1000, max: 100_000 }),
  });

  test("it is in one class, and 'difference' is what the run's accounts have more than is due", () => {
    fc.assert(
      fc.property(happened, ({ relays, isRateKnown, waited }) => {
        const terms = isRateKnown ? TERMS : undefined;
        const evidence = evidenceOf(
          {
            1: {
              1: relays.map((paid) =>
                relayOf(
                  paid.map((one) => payoutOf("FX", one)),
                  { terms },
                ),
              ),
            },
          },
          { now: STARTED + waited },
          [account.address, OTHER],
        );
        const found = classify(deposited("FX"), evidence);
        const all = relays.flat();
        const [first] = all;
        const isOwn = ({ to }: { to: string }): boolean => to !== STRANGER;
        const sum = (some: typeof all): bigint => some.reduce((total, { amount }) => total + amount, 0n);
        const due = isRateKnown ? 985n : DEPOSIT - (first?.fee ?? 0n);
        const isLost = relays.length > 0 || waited > 60_000;
        const classes: Record<string, boolean> = {
          "in flight": all.length === 0 && !isLost,
          lost: all.length === 0 && isLost,
          doubled: all.length > 1,
          "wrong recipient": all.length === 1 && first?.to !== account.address,
          "wrong amount": all.length === 1 && first?.to === account.address && first.amount !== due,
          "paid once": all.length === 1 && first?.to === account.address && first.amount === due,
          "settled back": false,
        };
        expect(CROSSING_CLASSES.filter((one) => classes[one])).toEqual([found?.class]);
        const unpaid = isLost ? -DEPOSIT : 0n;
        expect(found?.difference).toBe(first === undefined ? unpaid : sum(all.filter(isOwn)) - due);
        expect(found?.paid).toBe(sum(all));
      }),
      runs(500),
    );
  });
});
