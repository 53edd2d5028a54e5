import { describe, expect, test } from "vitest";
import { type Gate, parseGates } from "../../stress/engine/base/index.ts";
import { checkGate, type GatedRun } from "../../stress/report/gates.ts";
import { hashOf } from "../fakes/chain.ts";

const phases = [
  {
    phase: "finished",
    median: 5000,
    p95: 19_000,
    p99: 25_000,
    max: 31_002,
    count: 120,
    histogram: [
      [5000, 100],
      [12_000, 10],
      [31_000, 10],
    ],
  },
] as const;

const RUN: GatedRun = {
  figures: [
    { code: "FX", count: 122, failed: 2, refused: 0, gasUsed: 0n, gasEstimated: 0n, phases },
    { code: "IF", count: 50, failed: 0, refused: 0, gasUsed: 0n, gasEstimated: 0n, phases: [] },
  ],
  load: { model: "closed" },
  loadMs: 10_000,
  slowest: [{ code: "FX", phase: "finished", child: 12, hash: hashOf("slow"), ms: 31_002 }],
  folder: "logs/local",
};

const gatesOf = (text: string): readonly Gate[] => {
  const parsed = parseGates(text);
  if ("mistake" in parsed) throw new Error(parsed.mistake);
  return parsed.gates;
};

const check = (text: string, run: Partial<GatedRun> = {}) =>
  gatesOf(text).map((gate) => checkGate(gate, { ...RUN, ...run }));

describe("a gate", () => {
  test.each([
    ["p95(FX.finished)<20s", true, "19.000 s, of 120 operations"],
    ["p95(FX.finished)<19s", false, "19.000 s, of 120 operations"],
    ["p95(FX.finished)<=19s", true, "19.000 s, of 120 operations"],
    ["p50(FX.finished)<4s", false, "5.000 s, of 120 operations"],
    ["max(FX.finished)<31s", false, "31.002 s, of 120 operations"],
    ["p90(FX.finished)<13s", true, "12.000 s, of 120 operations"],
    ["p95(SX.finished)<1h", false, "no SX came to finished"],
    ["failures<1%", false, "1.64 %: 2 of 122 operations failed"],
    ["failures<=2%", true, "1.64 %: 2 of 122 operations failed"],
    ["throughput>=12/s", true, "12.00/s: 120 operations in 10 s"],
    ["throughput>=721/m", false, "12.00/s: 120 operations in 10 s"],
    ["missed<1%", true, "no start is due in a closed load"],
  ])("%s: %s", (text, holds, found) => {
    expect(check(text)).toMatchObject([{ holds, found }]);
  });

  test("of starts is checked where starts are due", () => {
    const load = { model: "open", due: 200, made: 196, missed: 4, late: 0, latest: 0 } as const;
    expect(check("missed<1%, missed<=2%", { load })).toMatchObject([
      { holds: false, found: "2.00 %: 4 of 200 starts were missed" },
      { holds: true },
    ]);
  });

  test("of a time names the slowest operations, with their hashes", () => {
    expect(check("max(FX.finished)<31s")[0]?.worst).toEqual([`child 012  31.002 s  ${hashOf("slow")}`]);
  });

  test.each(["p95(FX)<20s", "p95(FX.finished)>20s", "throughput>50/s", "throughput>=0/s", "failures<0%", ""])(
    "is refused where it is none: %j",
    (text) => {
      expect(parseGates(text)).toMatchObject({ mistake: expect.stringContaining("such as") });
    },
  );
});
