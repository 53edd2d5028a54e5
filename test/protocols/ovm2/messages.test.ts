import { concat, getAddress, id, keccak256, toBeHex, zeroPadValue } from "ethers";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { aliasOf, encodeMessage, messageId } from "../../../stress/protocols/ovm2/messages.ts";
import { runs } from "../../fakes/property.ts";

const message = {
  target: "0x00000000000000000000000000000000000000aa",
  sender: "0x00000000000000000000000000000000000000bb",
  message: "0x1234",
  messageNonce: 7n,
};

/** `message` as Lib_CrossDomainUtils.encodeXDomainCalldata lays it out, written down word by word. */
const encoded = concat([
  // relayMessage(address,address,bytes,uint256)
  "0xcbd4ece9",
  zeroPadValue("0xaa", 32),
  zeroPadValue("0xbb", 32),
  // where the bytes begin
  toBeHex(0x80, 32),
  toBeHex(7, 32),
  // how many they are, and they themselves
  toBeHex(2, 32),
  `0x1234${"00".repeat(30)}`,
]);

describe("a message id", () => {
  test("is of the call relayMessage(target, sender, message, nonce)", () => {
    expect(id("relayMessage(address,address,bytes,uint256)").slice(0, 10)).toBe("0xcbd4ece9");
    expect(encodeMessage(message)).toBe(encoded);
  });

  test("is the call's keccak256", () => {
    expect(messageId(message)).toBe(keccak256(encoded));
    expect(messageId(message)).toBe("0x64c5276a444bcdcc28f113c8dc802d7fd2fb2976b1c09bbf671300938cdcd5c0");
  });

  test("differs for messages that differ in their nonce alone", () => {
    expect(messageId({ ...message, messageNonce: 8n })).not.toBe(messageId(message));
  });
});

describe("the alias of an L1 contract on L2", () => {
  test.each([
    ["0x0000000000000000000000000000000000000001", "0x1111000000000000000000000000000000001112"],
    ["0xffffffffffffffffffffffffffffffffffffffff", "0x1111000000000000000000000000000000001110"],
    ["0xeeeeffffffffffffffffffffffffffffffffeeef", "0x0000000000000000000000000000000000000000"],
  ])("of %s is %s", (address, alias) => {
    expect(aliasOf(address)).toBe(getAddress(alias));
  });

  test("is undone by taking the offset away again", () => {
    const offset = BigInt("0x1111000000000000000000000000000000001111");
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 160n - 1n }), (address) => {
        const back = BigInt.asUintN(160, BigInt(aliasOf(toBeHex(address, 20))) - offset);
        expect(back).toBe(address);
      }),
      runs(),
    );
  });
});
