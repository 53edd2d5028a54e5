import { inspect } from "node:util";
import { makeError } from "ethers";
import { describe, expect, test } from "vitest";
import { presentable, reasonOf, StressError } from "../../../stress/engine/base/errors.ts";

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

  test("has no more of a URL than its host: the rest may be secret", () => {
    const thrown = new Error(
      "cannot reach 'wss://me:pass@node.example:8545/v3/abc?token=def' (see https://help.example/x)",
    );
    expect(reasonOf(thrown)).toBe("cannot reach 'wss://node.example:8545' (see https://help.example)");
  });

  test("is cut to a length that fits a line", () => {
    expect(reasonOf(new Error("x".repeat(5000)))).toHaveLength(300);
  });
});

describe("what is thrown, made presentable,", () => {
  const url = "https://me:pass@node.example/v3/abc?token=def";
  const secrets = /me:pass|v3|abc|token|def/;

  /** Everything that vitest and node show of an error. */
  const shown = (error: unknown): string => inspect(error, { depth: null });

  test("keeps of ethers' errors the reason", () => {
    const thrown = makeError("server response 500", "SERVER_ERROR", {
      request: "",
      info: { requestUrl: url },
    });
    expect(shown(thrown)).toMatch(secrets);
    const error = presentable(thrown);
    expect(error).toMatchObject({
      code: "RPC_FAILED",
      message: "an endpoint failed: server response 500",
    });
    expect(shown(error)).not.toMatch(secrets);
  });

  test("loses the cause of an error of ours: its own words are enough", () => {
    const thrown = new StressError("ENDPOINT_UNREACHABLE", "no answer", "wait", { cause: new Error(url) });
    expect(presentable(thrown)).toBe(thrown);
    expect(shown(thrown)).toContain("no answer");
    expect(shown(thrown)).not.toMatch(secrets);
  });

  test("keeps another error's kind and place, and the hosts of URLs in it and its causes", () => {
    const thrown = new TypeError(`cannot fetch ${url}`, { cause: new Error(`no ${url}`) });
    expect(presentable(thrown)).toBe(thrown);
    expect(shown(thrown)).toContain("TypeError: cannot fetch https://node.example");
    expect(shown(thrown)).toContain("errors.test.ts:");
    expect(shown(thrown)).not.toMatch(secrets);
  });

  test("is left as it is where it is no error, but for the URLs of a text", () => {
    const value = { a: 1 };
    expect(presentable(value)).toBe(value);
    expect(presentable(`no ${url}`)).toBe("no https://node.example");
  });
});
