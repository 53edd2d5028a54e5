import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Fees,
  feesAt,
  highestPrice,
  replacementFees,
} from "../../../stress/engine/transactions/fees.ts";
import type { Head } from "../../../stress/engine/chain/chain-head.ts";
import { runs } from "../../fakes/property.ts";

const price = fc.bigInt({ min: 0n, max: 10n ** 15n });
const head: fc.Arbitrary<Head> = fc.record({
  number: fc.constant(1),
  baseFee: fc.option(price, { nil: undefined }),
  gasPrice: price,
});
const legacy: fc.Arbitrary<Fees> = fc.record({ type: fc.constant(0 as const), gasPrice: price });
const dynamic: fc.Arbitrary<Fees> = fc
  .tuple(price, price)
  .map(([a, b]) =>
    a > b
      ? { type: 2, maxFeePerGas: a, maxPriorityFeePerGas: b }
      : { type: 2, maxFeePerGas: b, maxPriorityFeePerGas: a },
  );
const fees = fc.oneof(legacy, dynamic);

/** Whether a node with geth's price bump of a tenth takes a price in place of another. */
const isBump = (after: bigint, before: bigint): boolean => after > before && after * 10n >= before * 11n;

/** The field beside the whole price, where there is one. */
const tipOf = (one: Fees): bigint => (one.type === 2 ? one.maxPriorityFeePerGas : one.gasPrice);

describe("fees for a transaction that takes another's place", () => {
  test("are at least a tenth higher in every field, and of the same type", () => {
    fc.assert(
      fc.property(fees, head, fc.boolean(), (before, now, exact) => {
        const after = replacementFees(before, now, exact);
        expect(after.type).toBe(before.type);
        expect(isBump(highestPrice(after), highestPrice(before))).toBe(true);
        expect(isBump(tipOf(after), tipOf(before))).toBe(true);
      }),
      runs(500),
    );
  });

  test("are no lower than what the chain asks now, with room for its base fee to double", () => {
    fc.assert(
      fc.property(fees, head, fc.boolean(), (before, now, exact) => {
        const highest = highestPrice(replacementFees(before, now, exact));
        expect(highest >= highestPrice(feesAt(now))).toBe(true);
        expect(highest >= 2n * (now.baseFee ?? 0n)).toBe(true);
      }),
      runs(500),
    );
  });

  test("never have a tip above the whole price, which nodes refuse", () => {
    fc.assert(
      fc.property(dynamic, head, fc.boolean(), (before, now, exact) => {
        const after = replacementFees(before, now, exact);
        expect(after.type === 2 && after.maxPriorityFeePerGas <= after.maxFeePerGas).toBe(true);
      }),
      runs(500),
    );
  });

  test("are paid in full where the price is exact", () => {
    fc.assert(
      fc.property(dynamic, head, (before, now) => {
        const after = replacementFees(before, now, true);
        expect(after.type === 2 && after.maxPriorityFeePerGas).toBe(highestPrice(after));
      }),
      runs(),
    );
  });
});
