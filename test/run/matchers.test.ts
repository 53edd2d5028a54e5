import { describe, expect, test } from "vitest";
import "../../fixtures/run/matchers.ts";
import type { PayoutTolerance } from "../../fixtures/run/matchers.ts";
import type { RunResult } from "../../fixtures/run/run-result.ts";
import type { CrossingAudit, CrossingClass } from "../../stress/engine/audit/crossing-audit.ts";
import { hashOf } from "../fakes/chain.ts";
import { addressOf } from "../fakes/contracts.ts";
import { idOf } from "../fakes/events.ts";
import { audited, auditOf, booksOn, difference, resultWith } from "../fakes/results.ts";

/** What an assertion that does not hold says. */
function messageOf(assertion: () => void): string {
  try {
    assertion();
  } catch (error) {
    return (error as Error).message;
  }
  return expect.unreachable("the assertion held");
}

describe("toHaveRunToItsEnd", () => {
  const ended = (reason: RunResult["reason"]): RunResult => ({ ...resultWith(), reason, operations: 12 });

  test("holds where the run's time or its work was over", () => {
    expect(ended({ kind: "duration" })).toHaveRunToItsEnd();
    expect(ended({ kind: "operations" })).toHaveRunToItsEnd();
    const message = messageOf(() => expect(ended({ kind: "all idle" })).not.toHaveRunToItsEnd());
    expect(message).toBe("the run came to its own end, and was expected not to");
  });

  test("does not hold where a signal cut it short, and says which and when", () => {
    const message = messageOf(() => expect(ended({ kind: "signal", signal: "SIGTERM" })).toHaveRunToItsEnd());
    expect(message).toBe(
      "stopped by SIGTERM after 12 operations: what it would have found later is not known",
    );
  });

  test("does not hold where something went wrong that ends runs, and names it", () => {
    const stuck = ended({ kind: "stuck", child: 3, code: "FX", seconds: 60 });
    expect(messageOf(() => expect(stuck).toHaveRunToItsEnd())).toBe(
      "the run ended because of FX of child 3 is stuck for 60 s",
    );
  });
});

describe("toConserveFunds", () => {
  const differing = resultWith({ l1: booksOn(1, { differences: [difference()] }) });
  const unread = resultWith({ l1: { kind: "unknown", chain: 1, reason: "missing trie node" } });
  const underpaid = resultWith({
    audit: auditOf({ "wrong amount": 1 }, { exceptions: [audited()] }),
  });

  test("holds where every wei is accounted for", () => {
    expect(resultWith()).toConserveFunds();
    expect(messageOf(() => expect(resultWith()).not.toConserveFunds())).toMatch(/was expected not to be/);
  });

  test.each<[string, RunResult]>([
    ["books and chain differ", differing],
    ["a chain could not be read", unread],
    ["a crossing was paid otherwise than is due", underpaid],
  ])("does not hold where %s", (_, result) => {
    expect(result).not.toConserveFunds();
    expect(() => expect(result).toConserveFunds()).toThrow("not every wei is accounted for");
  });

  test("does not mind crossings that were late or sent back in full", () => {
    const exceptions = [
      audited({ class: "paid once", difference: 0n, late: true }),
      audited({ class: "settled back", difference: 0n }),
    ];
    expect(resultWith({ audit: auditOf({}, { exceptions }) })).toConserveFunds();
  });

  test("names account, blocks, transactions and amount of a difference", () => {
    const message = messageOf(() => expect(differing).toConserveFunds());
    expect(message).toContain(addressOf(70));
    expect(message).toContain("balance -0.0000000000000001 ETH, after block 11 and not after block 12");
    expect(message).toContain(hashOf("payout"));
  });

  test("names message and difference of a crossing", () => {
    const message = messageOf(() => expect(underpaid).toConserveFunds());
    expect(message).toContain(idOf(1));
    expect(message).toContain("-0.000000000000000005");
  });

  test("says why a chain could not be read", () => {
    expect(messageOf(() => expect(unread).toConserveFunds())).toContain(
      "L1 could not be read: missing trie node",
    );
  });
});

describe("toPayExactlyOnce", () => {
  const withCounts = (counts: Partial<Record<CrossingClass, number>>, own: Partial<CrossingAudit> = {}) =>
    resultWith({ audit: auditOf(counts, own) });

  test("holds where every crossing was paid once, and where there was none", () => {
    expect(withCounts({ "paid once": 3 })).toPayExactlyOnce();
    expect(withCounts({})).toPayExactlyOnce();
    expect(messageOf(() => expect(withCounts({})).not.toPayExactlyOnce())).toMatch(/was expected not to be/);
  });

  test.each<CrossingClass>(["lost", "doubled", "wrong amount", "wrong recipient"])(
    "does not hold where one is %s, and names it",
    (one) => {
      const exceptions = [audited({ class: one })];
      const result = withCounts({ "paid once": 3, [one]: 1 }, { exceptions });
      expect(result).not.toPayExactlyOnce();
      const message = messageOf(() => expect(result).toPayExactlyOnce());
      expect(message).toContain(`1 ${one}`);
      expect(message).toContain(idOf(1));
    },
  );

  test.each<[keyof PayoutTolerance, RunResult, string]>([
    ["late", withCounts({}, { late: 2 }), "2 are late, 1 allowed"],
    ["outOfOrder", withCounts({}, { outOfOrder: 2 }), "2 are out of order, 1 allowed"],
    ["inFlight", withCounts({ "in flight": 2 }), "2 are in flight, 1 allowed"],
    ["settledBack", withCounts({ "settled back": 2 }), "2 are settled back, 1 allowed"],
  ])("allows any number that are '%s' but where a limit is given", (what, result, text) => {
    expect(result).toPayExactlyOnce();
    expect(result).toPayExactlyOnce({ [what]: 2 });
    expect(result).not.toPayExactlyOnce({ [what]: 1 });
    expect(messageOf(() => expect(result).toPayExactlyOnce({ [what]: 1 }))).toContain(text);
  });
});
