import type { Result } from "ethers";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Log, MalformedAnswer } from "../../stress/engine/rpc/index.ts";
import { ABI } from "../../stress/protocols/ovm2/contracts.ts";
import { decodeEvent, oncePer, parseEvent } from "../../stress/protocols/decode.ts";
import { addressOf } from "../fakes/contracts.ts";
import { logOf } from "../fakes/crossings.ts";
import { noise, poolPays } from "../fakes/events.ts";
import { runs } from "../fakes/property.ts";

const payee = addressOf(70);
const log = logOf(poolPays("ClientPayL1", payee, 5n));
const abi = ABI.L1LiquidityPool;

const decode = (one: Log) => decodeEvent(abi, "ClientPayL1", one);
const parse = (one: Log) => parseEvent(abi, one)?.args;

/** What the values of that event are. */
const KINDS = "string bigint bigint bigint bigint string";

/** What the values that were read are, or that they are malformed. */
function kindsOf(read: () => Result | undefined): string | undefined {
  try {
    return read()
      ?.toArray()
      .map((value) => typeof value)
      .join(" ");
  } catch (error) {
    if (error instanceof MalformedAnswer) return "malformed";
    throw error;
  }
}

describe.each([
  ["decoded as what it is known to be", decode],
  ["parsed as whatever it is", parse],
])("an event, %s,", (_, read) => {
  test("has its arguments", () => {
    expect(read(log)?.toObject()).toMatchObject({ sender: payee, amount: 5n });
  });

  test.each([
    ["too few bytes", "0x1234"],
    ["an address of more than 20 bytes", `0x${"ff".repeat(32 * 6)}`],
  ])("of %s is the node's doing", (_words, data) => {
    expect(() => read({ ...log, data })).toThrow(MalformedAnswer);
  });

  test("is read or malformed, whatever its bytes are", () => {
    const octets = Buffer.from(log.data.slice(2), "hex");
    const change = fc.tuple(fc.nat(octets.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { maxLength: 3 }), fc.nat(octets.length), (changes, length) => {
        const copy = Buffer.from(octets);
        for (const [at, octet] of changes) copy[at] = octet;
        const data = `0x${copy.subarray(0, length).toString("hex")}`;
        expect(kindsOf(() => read({ ...log, data }))).toBeOneOf(["malformed", KINDS]);
      }),
      runs(500),
    );
  });
});

test("an event that the ABI does not have is none of its", () => {
  expect(parseEvent(abi, logOf(noise(payee)))).toBeNull();
});

describe("what is made once of each object", () => {
  test("is the same for the same one, and made again for another that is like it; nothing is a value, too", () => {
    const made: object[] = [];
    const make = oncePer((of: { readonly value?: number }) => {
      made.push(of);
      return of.value;
    });
    const [one, like, none] = [{ value: 1 }, { value: 1 }, {}];
    expect([one, one, like, none, none].map((of) => make(of))).toEqual([1, 1, 1, undefined, undefined]);
    expect(made).toEqual([one, like, none]);
  });

  test("is tried again where it failed", () => {
    let attempts = 0;
    const make = oncePer(() => {
      if (++attempts === 1) throw new Error("garbled");
      return attempts;
    });
    const of = {};
    expect(() => make(of)).toThrow("garbled");
    expect([make(of), make(of)]).toEqual([2, 2]);
  });
});
