import { createHmac } from "node:crypto";
import { inspect } from "node:util";
import { computeAddress, id, recoverAddress } from "ethers";
import { describe, expect, test } from "vitest";
import { Account } from "../../../stress/engine/transactions/account.ts";

const KEY = `0x${"5e".repeat(32)}`;
const account = new Account(KEY);

describe("an account", () => {
  test("has the address of its key", () => {
    expect(account.address).toBe(computeAddress(KEY));
  });

  test("signs so that its address can be recovered", () => {
    const digest = id("something");
    expect(recoverAddress(digest, account.sign(digest))).toBe(account.address);
  });

  test("gives its key to the accounts file, which asks for it by name", () => {
    expect(account.revealKey()).toBe(KEY);
  });

  test.each<[string, string]>([
    ["JSON.stringify", JSON.stringify({ account })],
    ["util.inspect, hidden parts included", inspect(account, { showHidden: true, depth: 10, getters: true })],
    ["a template", `${JSON.stringify(account)}${inspect([account])}`],
    ["its own properties", JSON.stringify(Object.entries(account))],
  ])("does not show its key to %s", (_, text) => {
    expect(text.toLowerCase()).not.toContain("5e5e5e");
  });
});

describe("a child's account", () => {
  test("is the same for the same funder, seed and number", () => {
    expect(new Account(KEY).deriveChild(7, 3).revealKey()).toBe(account.deriveChild(7, 3).revealKey());
  });

  test("has the HMAC-SHA256 of seed and number under the funder's key, in this version and all others", () => {
    const hmac = createHmac("sha256", Buffer.from(KEY.slice(2), "hex")).update("rollup-stress/child/7/3");
    expect(account.deriveChild(7, 3).revealKey()).toBe(`0x${hmac.digest("hex")}`);
    expect(account.deriveChild(7, 3).address).toBe("0xF338D73f6AEe67813FDE1c9c6Cbb47EA0B788A5A");
  });

  test("is another one for another funder, seed or number", () => {
    const other = new Account(`0x${"11".repeat(32)}`);
    const addresses = [
      account.deriveChild(7, 3),
      account.deriveChild(7, 4),
      account.deriveChild(8, 3),
      account.deriveChild(73, 0),
      other.deriveChild(7, 3),
      account,
    ].map(({ address }) => address);
    expect(new Set(addresses).size).toBe(addresses.length);
  });
});
