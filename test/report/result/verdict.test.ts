import { describe, expect, test } from "vitest";
import { ledgerReport } from "../../../stress/engine/audit/index.ts";
import type { EndReason } from "../../../stress/engine/base/index.ts";
import { type Judged, verdictOf } from "../../../stress/report/result/verdict.ts";
import { ASSETS, auditOf, booksOn, difference } from "../../fakes/results.ts";

const judged = (own: Partial<Judged> = {}): Judged => ({
  reason: { kind: "duration" },
  failed: 0,
  toleratedFailures: 0,
  abandoned: 0,
  unreturned: 0n,
  dust: 10n,
  problems: [],
  ledger: ledgerReport({ 1: booksOn(1), 2: booksOn(2) }, [], ASSETS),
  audit: auditOf(),
  clean: true,
  ...own,
});

const cut: EndReason = { kind: "signal", signal: "SIGTERM" };

describe("a verdict", () => {
  test("is that it held where nothing speaks against it", () => {
    expect(verdictOf(judged())).toEqual({ is: "held", held: true, reasons: [] });
  });

  test.each<[string, Partial<Judged>, RegExp]>([
    ["a bad end", { reason: { kind: "error", message: "boom" } }, /because of an error: boom/],
    ["failures", { failed: 2 }, /^2 operations failed, and 0 were tolerated\.$/],
    ["operations given up", { abandoned: 1 }, /^1 operation given up/],
    ["a lost crossing", { audit: auditOf({ lost: 1 }) }, /^1 crossing is lost/],
    ["doubled payouts", { audit: auditOf({ doubled: 3 }) }, /^3 crossings were paid more than once/],
    ["wrong amounts", { audit: auditOf({ "wrong amount": 1 }) }, /^1 crossing brought another amount/],
    ["wrong recipients", { audit: auditOf({ "wrong recipient": 1 }) }, /^1 crossing paid somebody else/],
    ["what is not known", { audit: auditOf({ "not known": 2 }) }, /^What became of 2 crossings is not known/],
    [
      "books that differ",
      {
        ledger: ledgerReport({ 1: booksOn(1, { differences: [difference()] }), 2: booksOn(2) }, [], ASSETS),
      },
      /^The books of L1 differ from its balances in 1 place\.$/,
    ],
    [
      "books that could not be compared",
      {
        ledger: ledgerReport(
          { 1: { kind: "unknown", chain: 1, reason: "silent" }, 2: booksOn(2) },
          [],
          ASSETS,
        ),
      },
      /^The books of L1 could not be compared: silent\.$/,
    ],
    ["money that stayed", { unreturned: 11n }, /did not come back/],
    ["problems of giving back", { problems: ["no fees"] }, /^Not given back: no fees\.$/],
    ["what nobody can name", { clean: false }, /did not end cleanly/],
  ])("tells %s in a sentence", (_, own, says) => {
    const { is, held, reasons } = verdictOf(judged(own));
    expect([is, held]).toEqual(["not held", false]);
    expect(reasons).toEqual([expect.stringMatching(says)]);
  });

  test("of a run that was cut short is never that it held", () => {
    expect(verdictOf(judged({ reason: cut }))).toMatchObject({ is: "stopped", held: false });
    expect(verdictOf(judged({ reason: cut, failed: 1 }))).toMatchObject({ is: "not held", held: false });
  });

  test("does not hold what a spec tolerates against it", () => {
    expect(verdictOf(judged({ failed: 2, toleratedFailures: 2 })).held).toBe(true);
    expect(verdictOf(judged({ audit: auditOf({ "settled back": 2 }, { late: 3 }) })).held).toBe(true);
  });
});
