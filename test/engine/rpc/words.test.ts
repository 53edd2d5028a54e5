import { describe, expect, test } from "vitest";
import { classifyRpcError, CODES, NodeError, type Wording, WORDS } from "../../../stress/engine/rpc/index.ts";
import { SAID } from "./said.ts";

const row = (message: string): Wording | undefined =>
  WORDS.find(({ words }) => words.some((one) => one.test(message)));

const failureOf = (message: string, code?: number): string =>
  classifyRpcError(new NodeError({ code, message }));

const SAMPLES = SAID.flatMap(([means, said]) =>
  Object.entries(said).flatMap(([who, texts]) => texts.map((text) => ({ means, who, text }))),
);

describe("the table of words", () => {
  test.each(SAMPLES)("reads $who's '$text' as $means", ({ means, who, text }) => {
    expect(row(text)).toMatchObject({ means, from: expect.arrayContaining([who]) });
    expect(failureOf(text, -32_000)).toBe(means === "batch too large" ? "refused" : means);
  });

  test.each(WORDS.map((wording, at) => ({ at, ...wording })))(
    "has a word of each who is named in row $at ($means)",
    ({ at, from }) => {
      const spoken = SAMPLES.filter(({ text }) => row(text) === WORDS[at]).map(({ who }) => who);
      expect(new Set(spoken)).toEqual(new Set(from));
    },
  );

  test.each(WORDS.flatMap(({ means, words }) => words.map((pattern) => ({ means, pattern }))))(
    "has no pattern that nobody needs: $means by $pattern",
    ({ pattern }) => {
      const own = SAMPLES.filter(({ text }) => row(text)?.words.includes(pattern) === true);
      expect(own.some(({ text }) => pattern.test(text))).toBe(true);
    },
  );

  test("reads what a rollup's node was told by its sequencer, as op-geth hands it on", () => {
    const sent = ["already known", "nonce too low", "insufficient funds", "fee too low", "no room"];
    for (const { means, text } of SAMPLES.filter((one) => sent.includes(one.means)))
      expect(failureOf(`failed to forward tx to sequencer, please try again. Error message: '${text}'`)).toBe(
        means,
      );
  });
});

describe("a code", () => {
  test.each(Object.entries(CODES))("%s by itself means %s", (code, means) => {
    expect(failureOf("error", Number(code))).toBe(means);
  });

  test.each<[number, string, string]>([
    [-32_005, "Transaction gas limit exceeds block gas limit", "refused"],
    [-32_005, "query returned more than 10000 results", "refused"],
    [-32_005, "daily request count exceeded, request rate limited", "busy"],
    [-32_007, "Sender account not authorized to send transactions", "refused"],
    [-32_007, "25/second request limit reached", "busy"],
    [-32_011, "no backend is currently healthy to serve traffic", "busy"],
    [-32_019, "block is out of range", "behind"],
    [429, "Your app has exceeded its compute units per second capacity.", "busy"],
    [3, "known transaction. transaction with hash 0x6013 is already in the system", "already known"],
    [3, "execution reverted: known transaction", "reverted"],
  ])("%s with the words '%s' means %s", (code, message, means) => {
    expect(failureOf(message, code)).toBe(means);
  });
});

describe("what is none of the words", () => {
  test.each([
    "invalid sender",
    "intrinsic gas too low",
    "unknown transaction type",
    "authority nonce too low",
    "only replay-protected (EIP-155) transactions allowed over RPC",
    "tx fee (1.10 ether) exceeds the configured cap (1.00 ether)",
    "the method eth_getBlockReceipts does not exist/is not available",
    "rpc method is not whitelisted",
    "Invalid Request",
  ])("'%s' is a refusal", (message) => {
    expect(row(message)).toBeUndefined();
    expect(failureOf(message, -32_000)).toBe("refused");
  });
});
