import { getBytes, hexlify, id, keccak256 } from "ethers";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { keccak } from "../../../stress/engine/base/index.ts";
import { runs } from "../../fakes/property.ts";

/** By ethers' own code, whatever is registered with it. */
const reference = (bytes: Uint8Array): string => hexlify(getBytes(keccak256._(bytes)));

// One round takes 136 bytes.
const bytes = fc.oneof(fc.uint8Array({ maxLength: 140 }), fc.uint8Array({ minLength: 270, maxLength: 1000 }));

test("hashes as ethers' own code does, and has ethers hash the same", () => {
  fc.assert(
    fc.property(bytes, (input) => {
      expect([keccak(input), keccak256(input)]).toEqual([reference(input), reference(input)]);
    }),
    runs(200),
  );
});

test("hashes as the specification has it", () => {
  const empty = "0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470";
  expect([keccak(new Uint8Array()), id("")]).toEqual([empty, empty]);
  expect(id("Transfer(address,address,uint256)")).toBe(
    "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef",
  );
});
