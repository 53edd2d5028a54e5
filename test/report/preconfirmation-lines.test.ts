import { expect, test } from "vitest";
import type { BrokenPreconfirmation } from "../../stress/report/chain-counts.ts";
import { preconfirmationLines } from "../../stress/report/preconfirmation-lines.ts";
import { hashOf } from "../fakes/chain.ts";

const gone: BrokenPreconfirmation = { hash: hashOf("gone"), block: 5, became: { is: "gone" } };

test("where there were none nothing is said", () => {
  expect(preconfirmationLines("L2", { kept: 0, broken: [] })).toEqual([]);
});

test("those not kept are named, with what became of them", () => {
  const broken: BrokenPreconfirmation[] = [
    gone,
    { hash: hashOf("later"), block: 5, became: { is: "another block", block: 7 } },
    { hash: hashOf("failed"), block: 6, became: { is: "another status", succeeded: false } },
  ];
  expect(preconfirmationLines("L2", { kept: 12, broken })).toEqual([
    "L2 preconfirmations: 12 kept, 3 not kept",
    `  ${hashOf("gone")} was preconfirmed in block 5, and is in none`,
    `  ${hashOf("later")} was preconfirmed in block 5, and is in block 7`,
    `  ${hashOf("failed")} was preconfirmed in block 6 as succeeded, and failed there`,
  ]);
});

test("of many some are named, and how many more there are", () => {
  const lines = preconfirmationLines("L2", { kept: 0, broken: Array.from({ length: 27 }, () => gone) });
  expect(lines).toHaveLength(22);
  expect(lines.at(-1)).toBe("  and 7 more");
});
