import { describe, expect, test } from "vitest";
import { type AuditedCrossing, isConserved, ledgerReport } from "../../stress/engine/audit/index.ts";
import type { PerChain } from "../../stress/engine/base/index.ts";
import type { ChainBooks } from "../../stress/engine/ledger/index.ts";
import { booksTable, differencesReport } from "../../stress/report/books-table.ts";
import { hashOf } from "../fakes/chain.ts";
import { addressOf } from "../fakes/contracts.ts";
import { idOf } from "../fakes/events.ts";
import { ASSETS, audited, booksOn, difference, ETHER } from "../fakes/results.ts";

const unknown = { kind: "unknown", chain: 2, reason: "no answer" } as const;

const reportOf = (chains: PerChain<ChainBooks>, crossings: readonly AuditedCrossing[] = []) =>
  ledgerReport(chains, crossings, ASSETS);

test("the books have opening, causes, closing and the rest of both chains side by side", () => {
  const causes = {
    payment: { balance: -ETHER },
    stake: { balance: -ETHER, stake: ETHER },
    "gas fee": { balance: -100n },
  };
  const l1 = booksOn(1, { causes, differences: [difference({ amounts: { balance: 100n } })] });
  const lines = booksTable(reportOf({ 1: l1, 2: booksOn(2) }));
  // A stake is the account's own still: it is no row, as it adds up to nothing.
  expect(lines.map((line) => line.split(/\s{2,}/))).toEqual([
    ["books, ETH", "L1", "L2"],
    ["opening", "+3.0", "+3.0"],
    ["payment", "-1.0", "0.0"],
    ["gas fee", "-0.0000000000000001", "0.0"],
    ["closing", "+2.0", "+2.0"],
    ["unaccounted for", "+0.0000000000000001", "0.0"],
  ]);
});

test("what accounts have beside ETH has books of its own, in smallest units", () => {
  const causes = { crossing: { balance: -ETHER, tokens: -7n }, payout: { tokens: 5n } };
  const l1 = booksOn(1, {
    opening: { balance: ETHER, tokens: 10n },
    closing: { balance: 0n, tokens: 9n },
    causes,
    differences: [difference({ amounts: { tokens: 1n } })],
  });
  const lines = booksTable(reportOf({ 1: l1, 2: booksOn(2) }));
  expect(lines.slice(5).map((line) => line.split(/\s{2,}/))).toEqual([
    ["books, fee tokens (smallest units)", "L1", "L2"],
    ["opening", "+10", "0"],
    ["crossing", "-7", "0"],
    ["payout", "+5", "0"],
    ["closing", "+9", "0"],
    ["unaccounted for", "+1", "0"],
  ]);
});

test("a chain that could not be read has no figures but a reason", () => {
  const lines = booksTable(reportOf({ 1: booksOn(1), 2: unknown }));
  expect(lines).toContainEqual(expect.stringMatching(/^opening\s+\+3\.0\s+unknown$/));
  expect(lines.at(-1)).toBe("L2 could not be read: no answer");
});

describe("differences", () => {
  test("are told with account, blocks, amounts and transactions", () => {
    const one = difference({
      amounts: { balance: -100n, stake: 5n, tokens: -2n },
      foreign: [hashOf("foreign")],
    });
    const books = booksOn(1, { differences: [one] });
    expect(differencesReport(reportOf({ 1: books, 2: booksOn(2) }))).toEqual([
      `L1 ${addressOf(70)}: balance -0.0000000000000001 ETH, stake +0.000000000000000005 ETH, fee tokens -2, ` +
        "after block 11 and not after block 12",
      `    booked there: ${hashOf("payout")}`,
      `    sent by the account, but not by this run: ${hashOf("foreign")}`,
    ]);
  });

  test("begin with what the chain's receipts leave out, where that is what may differ", () => {
    const untold = ["L1 data fee", "operator fee"];
    const two = { amounts: { balance: -50n }, transactions: [hashOf("a"), hashOf("b")] };
    const differences = [
      difference({ untold }),
      difference({ ...two, untold: ["L1 data fee"] }),
      difference(),
    ];
    const [first, ...others] = differencesReport(reportOf({ 1: booksOn(1, { differences }), 2: booksOn(2) }));
    expect(first).toBe(
      "L1's receipts do not tell the L1 data fee and operator fee, which this chain charges: " +
        "the books differ by -0.00000000000000015 ETH on 3 transactions",
    );
    expect(others.filter((line) => line.startsWith("L1 "))).toHaveLength(3);
  });

  test("are followed by the crossings that were not paid as is due", () => {
    const report = reportOf({ 1: booksOn(1), 2: booksOn(2) }, [audited()]);
    const [title, , row] = differencesReport(report);
    expect(title).toBe("Crossings that were not paid as is due:");
    expect(row).toContain(idOf(1));
  });

  test("are nothing where there are none", () => {
    expect(differencesReport(reportOf({ 1: booksOn(1), 2: booksOn(2) }))).toEqual([]);
  });
});

describe("what is unaccounted for", () => {
  test("is what accounts and crossings have more than is explained, by chain", () => {
    const l1 = booksOn(1, {
      differences: [difference({ amounts: { balance: -100n, stake: 30n, tokens: 4n } }), difference()],
    });
    const crossings = [audited(), audited({ paidOn: 2, difference: 7n }), audited({ difference: 0n })];
    const tokens = audited({ paidOn: 2, asset: "tokens", difference: -3n });
    const report = reportOf({ 1: l1, 2: booksOn(2) }, [...crossings, tokens]);
    expect([report.unaccounted, report.unaccountedTokens]).toEqual([
      { 1: -175n, 2: 7n },
      { tokens: { 1: 4n, 2: -3n } },
    ]);
    expect(report.crossings).toHaveLength(3);
  });

  test("is nothing where everything is, but not where a chain could not be read", () => {
    expect(isConserved(reportOf({ 1: booksOn(1), 2: booksOn(2) }))).toBe(true);
    expect(isConserved(reportOf({ 1: booksOn(1), 2: unknown }))).toBe(false);
  });

  test("is something where differences cancel out", () => {
    const differences = [difference(), difference({ amounts: { balance: 100n } })];
    const report = reportOf({ 1: booksOn(1, { differences }), 2: booksOn(2) });
    expect([report.unaccounted[1], isConserved(report)]).toEqual([0n, false]);
  });
});
