import { describe, expect, test } from "vitest";
import { compareResults } from "../../../stress/report/compare/compare.ts";
import { comparisonLines } from "../../../stress/report/compare/comparison-lines.ts";
import type { ResultFile } from "../../../stress/report/result/schema.ts";
import { brokenResult } from "../../fakes/result-file.ts";

const RUN = brokenResult(2000);

/** The same run, with all times so many times as long. */
function slower(factor: number, result: ResultFile = RUN): ResultFile {
  const { operations } = result;
  const times = <T extends { median?: number | undefined; p95?: number | undefined }>(one: T): T => ({
    ...one,
    ...(one.median === undefined ? {} : { median: one.median * factor }),
    ...(one.p95 === undefined ? {} : { p95: one.p95 * factor }),
  });
  return {
    ...result,
    operations: {
      ...operations,
      figures: operations.figures.map((one) => ({ ...one, phases: one.phases.map(times) })),
      overTime: {
        ...operations.overTime,
        spans: operations.overTime.spans.map((span) =>
          Object.fromEntries(Object.entries(span).map(([code, one]) => [code, times(one)])),
        ),
      },
    },
  };
}

const saidOf = (before: readonly ResultFile[], now: ResultFile, figure: string): string | undefined =>
  compareResults(before, now).figures.find((one) => one.figure === figure)?.said;

describe("a run beside one other", () => {
  test("is worse, better or as before where the difference is more than noise may be, or less", () => {
    expect(saidOf([RUN], slower(2), "FX.finished p95")).toBe("worse");
    expect(saidOf([RUN], slower(0.5), "FX.finished p95")).toBe("better");
    expect(saidOf([RUN], RUN, "FX.finished median")).toBe("as before");
  });

  test("is worse where something fails that never did", () => {
    const whole = (failed: number): ResultFile => ({
      ...RUN,
      operations: {
        ...RUN.operations,
        figures: RUN.operations.figures.map((one) => ({ ...one, failed })),
      },
    });
    expect(saidOf([whole(0)], whole(1), "failures")).toBe("worse");
    expect(saidOf([whole(0)], whole(0), "failures")).toBe("as before");
  });

  test("is not told of what it has too few spans for", () => {
    const short = brokenResult(30);
    expect(saidOf([short], slower(2, short), "FX.finished p95")).toBe("cannot tell");
    expect(saidOf([RUN], RUN, "throughput")).toBe("cannot tell");
  });

  test("is not told of under other conditions, and which those are", () => {
    const other = { ...slower(2), conditions: { ...RUN.conditions, children: 51 } };
    const { differs, figures } = compareResults([RUN], other);
    expect(differs).toEqual(["children: 50, and now 51"]);
    expect(new Set(figures.map(({ said }) => said))).toEqual(new Set(["cannot tell"]));
    expect(comparisonLines(compareResults([RUN], other))[0]).toBe(
      "WARNING not under the same conditions: children: 50, and now 51",
    );
  });
});

describe("a run beside several", () => {
  const before = [1, 1.03, 0.97, 1.01].map((factor) => slower(factor));

  test("is told by how those differ among themselves", () => {
    expect(saidOf(before, slower(1.3), "SX.finished p95")).toBe("worse");
    expect(saidOf(before, slower(1.02), "SX.finished p95")).toBe("as before");
    expect(saidOf(before, slower(0.7), "SX.finished p95")).toBe("better");
  });

  test("is told as a table: figure, before, now, change and interval", () => {
    const lines = comparisonLines(compareResults(before, slower(1.3)));
    expect(lines.find((line) => line.includes("SX.finished p95"))).toMatch(
      /[\d.]+ s +[\d.]+ s +\+2\d\.\d % +−\d+\.\d % … \+\d+\.\d % +worse$/,
    );
    expect(lines.at(-1)).toContain("prediction interval");
  });
});
