import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { OperationPath } from "../../../stress/report/result/operation-path.ts";
import { OperationsOverTime } from "../../../stress/report/result/operations-over-time.ts";
import { KeptPaths } from "../../../stress/report/result/kept-paths.ts";
import { runs } from "../../fakes/property.ts";

const pathOf = (own: Partial<OperationPath> & { readonly took: number }): OperationPath => ({
  child: 1,
  code: "PY",
  from: 2,
  to: 2,
  startedAt: 0,
  outcome: "succeeded",
  gasUsed: 21_000n,
  gasEstimated: 21_000n,
  phases: [["finished", own.took]],
  transactions: [],
  ...own,
});

const endings = fc.array(
  fc.record({
    at: fc.integer({ min: 0, max: 10_000_000 }),
    took: fc.integer({ min: 1, max: 100_000 }),
    failed: fc.boolean(),
  }),
  { minLength: 1, maxLength: 200 },
);

describe("operations over time", () => {
  test("are in at most 90 spans, none is lost, and the slowest is kept, however long a run is", () => {
    fc.assert(
      fc.property(endings, (ends) => {
        const sorted = ends.toSorted((a, b) => a.at - b.at);
        const overTime = new OperationsOverTime();
        for (const { at, took, failed } of sorted) {
          overTime.started("PY", at);
          overTime.ended(pathOf({ took, outcome: failed ? "failed" : "succeeded" }), at);
        }
        const spans = overTime.spans().flatMap((span) => span["PY"] ?? []);
        expect(overTime.spans().length).toBeLessThanOrEqual(90);
        const sum = (count: (of: (typeof spans)[number]) => number) =>
          spans.reduce((total, one) => total + count(one), 0);
        const failed = sorted.filter((one) => one.failed).length;
        expect([sum((one) => one.started), sum((one) => one.done), sum((one) => one.failed)]).toEqual([
          sorted.length,
          sorted.length - failed,
          failed,
        ]);
        const slowest = Math.max(0, ...sorted.filter((one) => !one.failed).map(({ took }) => took));
        const kept = spans.flatMap((one) => one.slowest?.phases.at(-1)?.[1] ?? []);
        expect(Math.max(0, ...kept)).toBe(slowest);
      }),
      runs(200),
    );
  });
});

test("the slowest ten of each kind are kept, slowest first, and failures apart", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 1000 }), { maxLength: 60 }), (all) => {
      const kept = new KeptPaths();
      for (const took of all) kept.take(pathOf({ took }));
      kept.take(pathOf({ took: 5000, outcome: "failed", why: "transaction reverted" }));
      const slowest = kept.slowest().get("PY") ?? [];
      const expected = all.toSorted((a, b) => b - a).slice(0, 10);
      expect(slowest.map(({ phases }) => phases.at(-1)?.[1])).toEqual(expected);
      expect(kept.failures().kept.map(({ why }) => why)).toEqual(["transaction reverted"]);
    }),
    runs(200),
  );
});
