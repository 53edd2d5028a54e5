import { describe, expect, test } from "vitest";
import { PRECONFIRMED } from "../../../../stress/report/summary.ts";
import { openOpStack, opStackTarget, runOn, type TestRun } from "../../../run/running.ts";
import { allIsWell, type OpFaultCase, show } from "./show.ts";

/** Blocks so slow that the machine need not be quick. */
const SETTINGS = { l1BlockTime: 1000, l2BlockTime: 2000, preconfirmations: 50 };

/** Payments alone: what L2 has much of. */
const PLAN = { children: 10, startChain: 2 as const, shares: { 1: {}, 2: {} }, duration: 15_000 };

/** The phases of payments; those of L2 are told before there is a block. */
const phasesOf = ({ result }: TestRun) => {
  const payments = result.figures.find(({ code }) => code === "PY");
  return new Map(payments?.phases.map((one) => [one.phase, one]));
};

/** By hash, when the run saw that a transaction was preconfirmed. Unix milliseconds. */
const seen = new Map<string, number>();

const broken: OpFaultCase = {
  name: "each that is seen and not kept is found, with its hash",
  settings: SETTINGS,
  faults: [{ fault: "break preconfirmations", after: "4s", share: 30 }],
  ...PLAN,
  follow: [{ preconfirmation: ({ hash, at }) => void seen.set(hash, at) }],
  detectors: ["preconfirmation"],
  check: (run) => {
    allIsWell(run);
    const { injected, chains, findings } = run.result;
    const { kept, broken: found } = chains[2].preconfirmations;
    const hit = new Set(injected.map(({ transaction }) => transaction));
    expect(found.filter(({ hash }) => !hit.has(hash))).toEqual([]);
    const hashes = new Set<string | undefined>(found.map(({ hash }) => hash));
    // What was seen only after the word was broken may have been given anew, and kept.
    const before = injected.filter(
      ({ transaction = "", at }) => (seen.get(transaction) ?? Number.POSITIVE_INFINITY) < at,
    );
    expect(before.filter(({ transaction }) => !hashes.has(transaction))).toEqual([]);
    expect(found.every(({ block, became }) => became.is === "another block" && became.block > block)).toBe(
      true,
    );
    expect([findings[0]?.count, kept > 0]).toEqual([found.length, true]);
    for (const { hash } of found.slice(0, 20)) expect(run.printed.join("\n")).toContain(hash);
  },
};

describe("preconfirmations", () => {
  test("that are kept are a phase of their own, and nothing is found", async () => {
    const bed = await openOpStack(SETTINGS);
    try {
      const run = await runOn(bed, { ...PLAN, target: opStackTarget() });
      allIsWell(run);
      expect(run.result.findings).toEqual([]);
      expect(run.result.chains[1].preconfirmations.kept).toBe(0);
      expect(run.result.chains[2].preconfirmations.kept).toBeGreaterThan(0);
      expect([...phasesOf(run).keys()]).toEqual(["submitted", PRECONFIRMED, "receipt", "finished"]);
      const [early, late] = [phasesOf(run).get(PRECONFIRMED), phasesOf(run).get("receipt")];
      expect(early?.median).toBeLessThan(late?.median ?? 0);
    } finally {
      await bed.close();
    }
  });

  test.each([broken])("$name", show);
});
