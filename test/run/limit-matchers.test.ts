import { describe, expect, test } from "vitest";
import "../../fixtures/run/limit-matchers.ts";
import type { RunResult } from "../../fixtures/run/run-result.ts";
import { openTestBed, runOn } from "../run/running.ts";

/** What a matcher says of a result. */
function said(check: () => void): string {
  try {
    check();
  } catch (error) {
    return (error as Error).message;
  }
  return "";
}

describe("limits that a spec has on a run", async () => {
  const bed = await openTestBed();
  let result: RunResult;
  try {
    ({ result } = await runOn(bed, { children: 4, duration: 3000, shares: { 1: {}, 2: {} } }));
  } finally {
    await bed.close();
  }

  test("hold where its figures are within them", () => {
    expect(result).toHold("p95(PY.finished)<1m, failures<=0%, throughput>=1/m");
    expect(result).toHaveLatency({ code: "PY", phase: "receipt", median: "1m", p99: "1m" });
    expect(result).toHaveThroughput({ atLeast: "1/m" });
    expect(result).toHaveFailedAtMost("0%");
    expect(result).toHaveSettledBack({ atMost: 0 });
    expect(result).not.toHold("p95(PY.finished)<1ms");
  });

  test("name figure, limit, the slowest operations with their hashes and where the report is, and no objects", () => {
    const message = said(() => expect(result).toHaveLatency({ code: "PY", p95: "1ms" }));
    const [line, ...worst] = message.split("\n");
    expect(line).toMatch(/^p95\(PY\.finished\)<1ms does not hold: \d+\.\d{3} s, of \d+ operations$/);
    expect(worst.slice(0, 3).join("\n")).toMatch(/^(  child \d{3}  [\d.]+ s  0x[0-9a-f]{64}\n?){3}$/);
    expect(worst.at(-1)).toBe(`  more in ${result.folder}`);
    expect(said(() => expect(result).toHaveThroughput({ atLeast: "9999/s" }))).toMatch(
      /^throughput>=9999\/s does not hold: [\d.]+\/s: \d+ operations in/,
    );
  });

  test("are refused where they are none, and where they name nothing", () => {
    expect(said(() => expect(result).toHold("p95(PY)<1s"))).toMatch(/not 'p95\(PY\)<1s'$/);
    expect(said(() => expect(result).toHaveLatency({ code: "PY" }))).toMatch(/names no limit/);
  });
});
