import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { openOpStack, type TestRun } from "../../../run/running.ts";
import { allIsWell, type OpFaultCase, show } from "./show.ts";

const WITHDRAWALS = { 1: { SO: 60 }, 2: { SX: 95 } };

/** The games and outputs by which children have proved, as the journal tells. */
const provedBy = ({ opLog }: TestRun): string[] =>
  [...opLog.matchAll(/^# prove=SX child=\d+ tx=\S+ (?:game|output)=(\S+)/gm)].map((found) =>
    String(found[1]),
  );

/** Children that have proved more than once for one operation. */
const provedAgain = ({ opLog }: TestRun): boolean => {
  const children = [...opLog.matchAll(/^# (prove|finalize)=SX child=(\d+)/gm)];
  const last = new Map<string, string>();
  return children.some(([, step = "", child = ""]) => {
    const isAgain = step === "prove" && last.get(child) === "prove";
    last.set(child, step);
    return isAgain;
  });
};

const GENERATIONS = ["oracle", "games", "super"] as const;

const falseOnes: OpFaultCase[] = GENERATIONS.map((generation) => ({
  name: `nobody proves by what is falsely proposed, and it is refuted (${generation})`,
  generation,
  // Long enough for the guardian to be in time.
  settings: { gameClock: 4, proofMaturityDelay: generation === "oracle" ? 8 : 2 },
  faults: [{ fault: "false proposals", share: 40, for: "6s" }],
  shares: WITHDRAWALS,
  duration: 6000,
  detectors: ["false proposal"],
  check: (run) => {
    allIsWell(run);
    expect(provedBy(run).length).toBeGreaterThan(0);
    // Who came across one says so.
    expect(readFileSync(run.logs.watcher[1], "utf8")).toMatch(/WARNING .* which is not its/);
    expect(run.result.injected.every(({ fault }) => fault === "false proposals")).toBe(true);
  },
}));

const voided: OpFaultCase[] = GENERATIONS.map((generation) => ({
  name:
    generation === "oracle"
      ? "what was proved by deleted outputs is paid all the same (oracle)"
      : `what was proved by voided games is proved again (${generation})`,
  generation,
  // L1's time runs a second a block, faster than a clock: proofs are still to mature when what they rest on is voided.
  settings: { proofMaturityDelay: 40 },
  faults: [{ fault: "void proposals", after: "6s" }],
  startChain: 2,
  limits: { stuckAfter: 60_000, giveUpAfter: 60_000 },
  shares: WITHDRAWALS,
  duration: 8000,
  detectors: [],
  check: (run) => {
    allIsWell(run);
    // An output of a block is of one root: proposed again soon, it has its old place, and what was proved by it holds.
    if (generation !== "oracle") expect(provedAgain(run)).toBe(true);
  },
}));

const respected: OpFaultCase = {
  name: "games of the old type stay valid when another type is respected",
  generation: "super",
  faults: [{ fault: "respected game type", type: 5, after: "4s" }],
  shares: WITHDRAWALS,
  duration: 8000,
  detectors: [],
  check: (run) => {
    allIsWell(run);
    expect(new Set([...run.opLog.matchAll(/^# prove=SX .* type=(\d+)/gm)].map(([, type]) => type))).toEqual(
      new Set(["9", "5"]),
    );
    expect(provedAgain(run)).toBe(false);
  },
};

describe("the OP Stack's proposals", () => {
  test.each([...falseOnes, ...voided, respected])("$name", show);

  test("of another type cannot be respected where there is but one", async () => {
    const bed = await openOpStack();
    try {
      const plan = { faults: [{ fault: "respected game type", type: 5 }] };
      const url = new URL("/faults", bed.spawned.description.addresses);
      const answer = await fetch(url, { method: "POST", body: JSON.stringify(plan) });
      expect(answer.ok).toBe(false);
      expect(await answer.text()).toContain("the generation games has games of one type");
    } finally {
      await bed.close();
    }
  });
});
