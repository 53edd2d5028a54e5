import { makeError } from "ethers";
import { describe, expect, test } from "vitest";
import { reasonOf, StressError } from "../../stress/engine/errors.ts";

describe("an error of ours", () => {
  const cause = new Error("below");
  const error = new StressError("FUND_LIMIT", "too much", "start fewer", { cause });

  test("has code, hint and cause", () => {
    expect([error.name, error.code, error.hint, error.cause]).toEqual([
      "StressError",
      "FUND_LIMIT",
      "start fewer",
      cause,
    ]);
  });

  test("shows what happened, then what to do", () => {
    expect(error.render()).toBe("too much\n  → start fewer");
  });
});

describe("the reason of anything thrown", () => {
  test("leaves out what ethers appends about the request", () => {
    const thrown = makeError("bad address", "INVALID_ARGUMENT", { argument: "key", value: "0xsecret" });
    expect(thrown.message).toContain("0xsecret");
    expect(reasonOf(thrown)).toBe("bad address");
  });

  test("is the node's own where ethers wraps its answer", () => {
    const thrown = makeError("could not coalesce error", "UNKNOWN_ERROR", {
      error: { code: -32_000, message: "txpool is full" },
    });
    expect(reasonOf(thrown)).toBe("txpool is full");
  });

  test.each<[unknown, string]>([
    [new Error("two\n  lines"), "two lines"],
    ["a text", "a text"],
    [undefined, "undefined"],
    [null, "null"],
    [{ shortMessage: 7 }, "[object Object]"],
  ])("%o is told as '%s'", (thrown, reason) => {
    expect(reasonOf(thrown)).toBe(reason);
  });

  test("is cut to a length that fits a line", () => {
    expect(reasonOf(new Error("x".repeat(5000)))).toHaveLength(300);
  });
});
