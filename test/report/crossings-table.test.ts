import { describe, expect, test } from "vitest";
import { crossingsLine, crossingsTable } from "../../stress/report/crossings-table.ts";
import { idOf } from "../fakes/events.ts";
import { audited, auditOf } from "../fakes/results.ts";

describe("a table of crossings", () => {
  test("has what is due, paid and different of each, and its message", () => {
    const [head, row] = crossingsTable([audited()]);
    expect(head?.split(/\s+/)).toEqual([
      "class",
      "code",
      "of",
      "from",
      "deposit",
      "due",
      "paid",
      "difference",
      "age",
      "message",
    ]);
    expect(row?.split(/\s{2,}/)).toEqual([
      "wrong amount",
      "FX",
      "7",
      "L2",
      "0.000000000000001",
      "0.000000000000000985",
      "0.00000000000000098",
      "-0.000000000000000005",
      "2.5 s",
      idOf(1),
    ]);
  });

  test("says which were late, and which have no message yet", () => {
    const [, row] = crossingsTable([audited({ late: true, message: undefined, who: "funder" })]);
    expect(row).toMatch(/ {2}funder {2}.* {2}2\.5 s late .* -$/);
  });

  test("has fifty rows at most, and says how many are left out", () => {
    const lines = crossingsTable(Array.from({ length: 53 }, () => audited()));
    expect([lines.length, lines.at(-1)]).toEqual([52, "… and 3 more"]);
    expect(crossingsTable(Array.from({ length: 50 }, () => audited()))).toHaveLength(51);
  });
});

describe("the line about crossings", () => {
  test("has every class", () => {
    const audit = auditOf({ "paid once": 4, lost: 2 }, { late: 3, outOfOrder: 1 });
    expect(crossingsLine(audit)).toBe(
      "crossings: 4 paid once, 0 settled back, 0 in flight, 2 lost, 0 not known, 0 doubled, 0 wrong amount, 0 wrong recipient; " +
        "3 late, 1 out of order",
    );
  });

  test("says where a pool's rate is not known", () => {
    expect(crossingsLine(auditOf({}, { rateUnknown: 2 }))).toMatch(/; the pool's rate unknown for 2$/);
  });
});
