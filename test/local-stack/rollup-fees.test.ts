import * as fc from "fast-check";
import { expect, test } from "vitest";
import { dataFee, mostDataFee } from "../../fixtures/local-stack/rollup-fees.ts";
import { runs } from "../fakes/property.ts";

const hex = (bytes: Uint8Array | readonly number[]): string => `0x${Buffer.from(bytes).toString("hex")}`;

/** What compresses well, badly, and in parts. */
const sent = fc.oneof(
  fc.uint8Array({ maxLength: 2000 }).map(hex),
  fc.array(fc.constantFrom(0, 1, 255), { maxLength: 2000 }).map(hex),
  fc
    .array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { maxLength: 12 })
    .chain((parts) => fc.array(fc.constantFrom(...parts, Uint8Array.of(7)), { maxLength: 60 }))
    .map((parts) => hex(Buffer.concat(parts))),
);

test("no data costs more than the most that so many bytes can, and what does not compress costs nearly that", () => {
  const fees = { dataPrice: 10n ** 15n, operatorFeeScalar: 0n, operatorFeeConstant: 0n };
  fc.assert(
    fc.property(sent, (raw) => {
      const [fee, most] = [dataFee(fees, raw), mostDataFee(fees, raw.length / 2 - 1)];
      expect(fee <= most).toBe(true);
    }),
    runs(300),
  );
  const counting = hex(Array.from({ length: 255 }, (_, at) => at));
  expect(dataFee(fees, counting)).toBe(mostDataFee(fees, 255));
});
