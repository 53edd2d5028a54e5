import * as fc from "fast-check";
import { expect, test } from "vitest";
import { CROSSING_CLASSES } from "../../../stress/engine/audit/crossing-audit.ts";
import { type KeptCrossing, KeptCrossings } from "../../../stress/engine/audit/kept-crossings.ts";
import type { Chain } from "../../../stress/engine/base/index.ts";
import type { MessageId } from "../../../stress/engine/chain/index.ts";
import { hashOf } from "../../fakes/chain.ts";
import { runs } from "../../fakes/property.ts";

const chain = fc.constantFrom<Chain>(1, 2);

const crossing: fc.Arbitrary<KeptCrossing> = fc.record({
  class: fc.constantFrom(...CROSSING_CLASSES),
  code: fc.constantFrom("FO", "SX"),
  who: fc.oneof(fc.constant("funder" as const), fc.nat(100_000)),
  from: chain,
  paidOn: chain,
  hash: fc.nat().map((number) => hashOf(`deposit ${number}`)),
  asset: fc.constantFrom("balance", "token"),
});

test("what is kept of crossings is what it was, by the message of each", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string({ minLength: 1 })), fc.array(crossing), (ids, crossings) => {
      const kept = new KeptCrossings();
      const given = crossings.slice(0, ids.length).map((one, at) => [ids[at] as MessageId, one] as const);
      for (const [message, one] of given) kept.add(message, one);
      for (const [message, one] of given) expect([kept.has(message), kept.get(message)]).toEqual([true, one]);
      for (const message of ids.slice(given.length) as MessageId[])
        expect([kept.has(message), kept.get(message)]).toEqual([false, undefined]);
    }),
    runs(100),
  );
});

test("many are kept, each by itself", () => {
  const kept = new KeptCrossings();
  const idAt = (at: number): MessageId => hashOf(`message ${at}`) as string as MessageId;
  const oneAt = (at: number): KeptCrossing => {
    return {
      class: "paid once",
      code: "FX",
      who: at,
      from: 2,
      paidOn: 1,
      hash: hashOf(`${at}`),
      asset: "balance",
    };
  };
  for (let at = 0; at < 10_000; at++) kept.add(idAt(at), oneAt(at));
  for (let at = 0; at < 10_000; at += 37) expect(kept.get(idAt(at))).toEqual(oneAt(at));
  expect(kept.has(idAt(10_000))).toBe(false);
});
