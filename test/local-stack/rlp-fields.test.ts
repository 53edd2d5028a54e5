import { encodeRlp } from "ethers";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { rlpFields } from "../../fixtures/local-stack/rlp-fields.ts";
import { rlpList } from "../../stress/engine/base/index.ts";
import { runs } from "../fakes/property.ts";

const digits = (most: number) =>
  fc.uint8Array({ maxLength: most }).map((bytes) => Buffer.from(bytes).toString("hex"));

/** Around where lengths are told in another way, and where they take one byte more. */
const item = fc.oneof(
  digits(3),
  fc.constantFrom(55, 56, 255, 256, 257, 70_000).map((length) => "ab".repeat(length)),
);

const prefixed = (hex: string): string => `0x${hex}`;

test("a list's items are what ethers wrote", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(item, fc.array(item, { maxLength: 3 })), { maxLength: 6 }), (items) => {
      const encoded = (one: string | string[]): string =>
        encodeRlp(typeof one === "string" ? prefixed(one) : one.map(prefixed)).slice(2);
      const hex = encodeRlp(
        items.map((one) => (typeof one === "string" ? prefixed(one) : one.map(prefixed))),
      );
      const found = rlpFields(hex.slice(2));
      expect(found.map(({ begin, end }) => hex.slice(2 + begin, 2 + end))).toEqual(items.map(encoded));
      expect(found.map(({ isList }) => isList)).toEqual(items.map((one) => typeof one !== "string"));
      const texts = items.filter((one) => typeof one === "string");
      expect(found.filter(({ isList }) => !isList).map(({ digits: own }) => own)).toEqual(texts);
    }),
    runs(100),
  );
});

/** Of any bytes, and of lists that were cut, or changed at one place. */
const damaged = fc.oneof(
  digits(40),
  fc
    .tuple(fc.array(item, { maxLength: 4 }), fc.nat(), fc.integer({ min: 0, max: 255 }))
    .map(([items, at, byte]) => {
      const hex = rlpList(items);
      const place = 2 * (at % (hex.length / 2));
      return hex.slice(0, place) + byte.toString(16).padStart(2, "0") + hex.slice(place + 2);
    }),
  fc
    .tuple(fc.array(item, { maxLength: 4 }), fc.nat(200))
    .map(([items, left]) => rlpList(items).slice(0, left)),
);

/** What was read, as it would be written; undefined where it was refused. */
function writtenAnew(hex: string): string | undefined {
  try {
    return rlpList(
      rlpFields(hex).map(({ begin, digits: own, isList, end }) =>
        isList ? { list: hex.slice(begin, end) } : own,
      ),
    );
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return undefined;
  }
}

test("whatever is read would be written in the same way; all else is refused", () => {
  let read = 0;
  fc.assert(
    fc.property(damaged, (hex) => {
      const anew = writtenAnew(hex);
      if (anew !== undefined) read++;
      expect(anew ?? hex).toBe(hex);
    }),
    runs(1000),
  );
  expect(read).toBeGreaterThan(0);
});
