import { describe, expect, test } from "vitest";
import type { CrossingClass } from "../../stress/engine/audit/crossing-audit.ts";
import type { ChainEvents } from "../../stress/report/chain-counts.ts";
import { type Detector, findingsOf } from "../../stress/report/findings.ts";
import { Traffic } from "../../stress/engine/rpc/traffic.ts";
import { ledgerReport } from "../../stress/engine/audit/index.ts";
import { hashOf } from "../fakes/chain.ts";
import { ASSETS, auditOf, booksOn, difference } from "../fakes/results.ts";

const QUIET: ChainEvents = {
  reorganisations: [],
  takenBack: 0,
  rebroadcast: 0,
  replaced: 0,
  outages: 0,
  preconfirmations: { kept: 5, broken: [] },
  baseFee: undefined,
  traffic: new Traffic([]).snapshot(),
};
const conserved = ledgerReport({ 1: booksOn(1), 2: booksOn(2) }, [], ASSETS);

test("nothing is found where both chains and the bridge did what they should", () => {
  const audit = auditOf({ "paid once": 5, "in flight": 2 });
  expect(findingsOf(conserved, audit, { 1: QUIET, 2: QUIET })).toEqual([]);
});

describe("found is", () => {
  test.each<CrossingClass & Detector>(["lost", "doubled", "wrong amount", "wrong recipient", "settled back"])(
    "what is %s",
    (detector) => {
      expect(findingsOf(conserved, auditOf({ [detector]: 2 }), { 1: QUIET, 2: QUIET })).toEqual([
        { detector, count: 2, what: "2 crossings" },
      ]);
    },
  );

  test("what is late and out of order", () => {
    const found = findingsOf(conserved, auditOf({}, { late: 1, outOfOrder: 2 }), { 1: QUIET, 2: QUIET });
    expect(found.map(({ detector, count }) => [detector, count])).toEqual([
      ["late", 1],
      ["out of order", 2],
    ]);
  });

  test.each<[Detector, Partial<ChainEvents>, string]>([
    ["reorganisation", { reorganisations: [{ block: 5, depth: 2 }] }, "1 reorganisations on L2"],
    ["fee too low", { replaced: 3 }, "3 transactions replaced on L2"],
    [
      "preconfirmation",
      { preconfirmations: { kept: 7, broken: [{ hash: hashOf("one"), block: 5, became: { is: "gone" } }] } },
      "1 preconfirmations not kept on L2",
    ],
    ["outage", { outages: 4 }, "4 outages of the endpoint on L2"],
  ])("%s, by chain", (detector, events, what) => {
    const found = findingsOf(conserved, auditOf(), { 1: QUIET, 2: { ...QUIET, ...events } });
    expect(found).toMatchObject([{ detector, what }]);
  });

  test("what was proposed falsely, and not of blocks that were replaced", () => {
    const replaced = { ...QUIET, reorganisations: [{ block: 20, depth: 2 }] };
    const proposals = [19, 20, 21].map((block) => ({ what: `one of ${block}`, block }));
    const found = (chain2: ChainEvents) =>
      findingsOf(conserved, auditOf(), { 1: replaced, 2: chain2 }, proposals)
        .filter(({ detector }) => detector === "false proposal")
        .map(({ count }) => count);
    expect(found(QUIET)).toEqual([3]);
    expect(found(replaced)).toEqual([1]);
  });

  test("where books differ, by chain", () => {
    const report = ledgerReport(
      { 1: booksOn(1, { differences: [difference()] }), 2: booksOn(2) },
      [],
      ASSETS,
    );
    expect(findingsOf(report, auditOf(), { 1: QUIET, 2: QUIET })).toEqual([
      { detector: "books differ", count: 1, what: "1 differences on L1" },
    ]);
  });
});
