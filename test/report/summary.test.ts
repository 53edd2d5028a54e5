import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { operationsTable } from "../../stress/report/operations-table.ts";
import { parseOpLogLine } from "../../stress/journal/parse-op-log.ts";
import { type CodeFigures, Summary } from "../../stress/report/summary.ts";
import { Times } from "../../stress/report/times.ts";
import { hashOf } from "../fakes/chain.ts";
import { newStream } from "../fakes/bridge.ts";
import { doneWith, journaling, OF, sentFor } from "../fakes/journaling.ts";
import { runs } from "../fakes/property.ts";
import { receiptOf } from "../fakes/receipts.ts";

function figuresOf(...lines: readonly string[]): CodeFigures[] {
  const summary = new Summary();
  for (const line of lines) {
    const record = parseOpLogLine(line);
    if (record === undefined) throw new Error(`not a record: ${line}`);
    summary.add(record);
  }
  return summary.rows();
}

const payment = (ms: number, succeeded = 1): string =>
  `OP_DONE_,000,PY,1,${succeeded},21000/22000,${(ms / 1000).toFixed(8).padStart(14, "0")}`;

function timesOf(values: readonly number[]): Times {
  const times = new Times();
  for (const value of values) times.add(value);
  return times;
}

describe("percentiles of times, by nearest rank,", () => {
  test("are the smallest values that have enough values at or below them", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(500), { minLength: 1, maxLength: 300 }), (values) => {
        const sorted = values.toSorted((a, b) => a - b);
        const expected = [50, 95, 99, 100].map((percent) =>
          sorted.find((limit) => {
            return 100 * sorted.filter((value) => value <= limit).length >= percent * sorted.length;
          }),
        );
        expect(timesOf(values).percentiles([0.5, 0.95, 0.99, 1])).toEqual(expected);
      }),
      runs(),
    );
  });

  test("are right to four digits, however long the times", () => {
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 1e9, noNaN: true }), (value) => {
        const [median = 0] = timesOf([value]).percentiles([0.5]);
        expect(Math.abs(median - value)).toBeLessThanOrEqual(0.0005 * value);
      }),
      runs(),
    );
  });

  test("of an even number of times take the lower middle one", () => {
    expect(timesOf([4, 3, 2, 1]).percentiles([0.5])).toEqual([2]);
  });

  test("of no times are not a number", () => {
    const times = new Times();
    expect([times.count, times.max, ...times.percentiles([0.5])]).toEqual([0, Number.NaN, Number.NaN]);
  });

  test("are never above the greatest time, which is exact", () => {
    const times = timesOf([262_852.88596]);
    expect(times.max).toBe(262_852.88596);
    expect(times.percentiles([0.99])[0]).toBeLessThanOrEqual(times.max);
  });
});

describe("figures of a log", () => {
  test("count every operation done, and its failures", () => {
    const [row] = figuresOf(payment(1), payment(2, 0), payment(3));
    expect(row).toMatchObject({ code: "PY", count: 3, failed: 1, refused: 0 });
  });

  test("add up gas, that of failures included", () => {
    const [row] = figuresOf(payment(1), payment(2, 0));
    expect(row).toMatchObject({ gasUsed: 42_000n, gasEstimated: 44_000n });
  });

  test("take times of successes only", () => {
    const [row] = figuresOf(payment(1), payment(9000, 0));
    const times = { median: 1, p95: 1, p99: 1, max: 1, count: 1, histogram: [[1, 1]] };
    expect(row?.phases).toEqual([{ phase: "submitted", ...times }]);
  });

  test("name the phases in their order", () => {
    const [row] = figuresOf("OP_DONE_,000,FX,1,1,1/1,00000.00100000,00000.00200000,00000.00300000");
    expect(row?.phases.map(({ phase, max }) => [phase, max])).toEqual([
      ["submitted", 1],
      ["receipt", 2],
      ["finished", 3],
    ]);
  });

  test("have no phases for a code whose operations all failed", () => {
    const [row] = figuresOf(payment(1, 0));
    expect(row?.phases).toEqual([]);
  });

  test("count refusals, also of a code that was never performed", () => {
    const rows = figuresOf("# refused=FX child=003 instead=SX reason=over-half", "# refused=FX child=004");
    expect(rows).toMatchObject([{ code: "FX", count: 0, refused: 2 }]);
  });

  test("leave out operations that have only begun", () => {
    expect(figuresOf("OP_START,000,FX,2,1635364366.14432049")).toEqual([]);
  });

  test("are sorted by code", () => {
    const done = (code: string): string => `OP_DONE_,000,${code},1,1,1/1`;
    expect(figuresOf(done("SX"), done("AL"), done("PY")).map(({ code }) => code)).toEqual(["AL", "PY", "SX"]);
  });
});

describe("figures of what happens", () => {
  test("have when its own transaction was preconfirmed, where it was", () => {
    const stream = newStream();
    const summary = new Summary();
    summary.follow(stream);
    const purpose = { kind: "operation", ...OF, note: undefined } as const;
    const early = { kind: "preconfirmation", hash: hashOf("a"), block: 5, became: { is: "kept" } } as const;
    const approval = sentFor({ ...purpose, note: { name: "approval" } });
    stream.publish({ kind: "operation started", ...OF, chain: 2, at: 1000 });
    stream.publish({ ...early, transaction: sentFor(purpose), at: 1250 });
    stream.publish({ ...early, transaction: approval, at: 1900 });
    stream.publish({ ...early, transaction: sentFor({ kind: "filler" }), at: 1900 });
    stream.publish(doneWith({ kind: "succeeded" }, { phases: [100, 2000, 3000] }));
    // Another one without.
    stream.publish({ kind: "operation started", ...OF, chain: 2, at: 5000 });
    stream.publish(doneWith({ kind: "succeeded" }, { phases: [100, 2000, 3000] }));
    const [figures] = summary.rows();
    expect(figures?.phases.map(({ phase, median }) => [phase, median])).toEqual([
      ["submitted", 100],
      ["preconfirmed", 250],
      ["receipt", 2000],
      ["finished", 3000],
    ]);
  });

  test("are those of the log that is written of it", () => {
    const { stream, lines } = journaling();
    const summary = new Summary();
    summary.follow(stream);
    const own = {
      hash: hashOf("a"),
      receipt: receiptOf({ gasUsed: 119_515n }),
      phases: [662, 3663, 262_800],
    };
    const refused = {
      kind: "operation refused",
      child: 3,
      code: "FX",
      instead: "SX",
      reason: "full",
    } as const;
    for (const event of [
      refused,
      doneWith({ kind: "succeeded" }, own),
      doneWith({ kind: "succeeded" }, { ...own, phases: [1, 2, 3] }),
      doneWith({ kind: "failed", reason: "transaction reverted" }, { ...own, phases: [5, 6] }),
      doneWith({ kind: "abandoned", waitingFor: "submission" }),
    ]) {
      stream.publish(event);
    }
    expect(summary.rows()).toMatchObject([
      { code: "FX", count: 4, failed: 2, refused: 1, gasUsed: 358_545n },
    ]);
    expect(figuresOf(...lines())).toEqual(summary.rows());
  });
});

describe("the table of operations", () => {
  test("has a row for each phase, and the counts on the first one", () => {
    const rows = figuresOf(
      "# refused=FX child=000",
      "OP_DONE_,000,FX,1,1,119515/120849,00000.66200000,00003.66300000,00262.80000000",
    );
    expect(operationsTable(rows)).toEqual([
      "code  count  failed  refused  gas used/estimated      phase     median        p95        p99        max",
      "FX        1       0        1       119515/120849  submitted    0.662 s    0.662 s    0.662 s    0.662 s",
      "                                                    receipt    3.663 s    3.663 s    3.663 s    3.663 s",
      "                                                   finished  262.800 s  262.800 s  262.800 s  262.800 s",
    ]);
  });

  test("has one row for a code without times", () => {
    expect(operationsTable(figuresOf("OP_DONE_,000,PY,1,0,0/0"))).toEqual([
      "code  count  failed  refused  gas used/estimated  phase  median  p95  p99  max",
      "PY        1       1        0                 0/0",
    ]);
  });
});
