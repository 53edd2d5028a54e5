import { encodeRlp, toBeArray } from "ethers";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { bytesOf, type RlpItem, rlpList, rlpNumber } from "../../../stress/engine/base/index.ts";
import { runs } from "../../fakes/property.ts";

type Data = string | readonly Data[];

/** Hexadecimal without 0x: lengths on both sides of 55 and 255, where the form changes. */
const bytes = fc
  .oneof(
    fc.uint8Array({ maxLength: 3 }),
    fc.uint8Array({ minLength: 50, maxLength: 60 }),
    fc.uint8Array({ maxLength: 300 }),
  )
  .map((data) => Buffer.from(data).toString("hex"));

const { list } = fc.letrec<{ list: readonly Data[]; item: Data }>((tie) => ({
  item: fc.oneof({ depthSize: "small" }, bytes, tie("list")),
  list: fc.array(tie("item"), { maxLength: 12 }),
}));

const itemOf = (data: Data): RlpItem =>
  typeof data === "string" ? data : { list: rlpList(data.map(itemOf)) };

const forEthers = (data: Data): Parameters<typeof encodeRlp>[0] =>
  typeof data === "string" ? `0x${data}` : data.map(forEthers);

test("a list has the bytes that ethers makes of it", () => {
  fc.assert(
    fc.property(list, (data) => {
      expect(`0x${rlpList(data.map(itemOf))}`).toBe(encodeRlp(forEthers(data)));
    }),
    runs(200),
  );
});

test("a number has no leading zeros, and zero no bytes", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 256n }), (value) => {
      expect(`0x${rlpNumber(value)}`).toBe(`0x${Buffer.from(toBeArray(value)).toString("hex")}`);
      expect(bytesOf(`0x${rlpNumber(value)}`)).toEqual(Buffer.from(toBeArray(value)));
    }),
    runs(100),
  );
});
