import { expect, test } from "vitest";
import type { SearchStep } from "../../stress/engine/run/index.ts";
import { loadLines } from "../../stress/report/load-lines.ts";
import { searchLine, searchLines } from "../../stress/report/search-lines.ts";

const limits = ["p95(FX.finished)<10s", "failures<=0%", "missed<1%"];

const step = (rate: number, p95: number | undefined, broken: readonly string[] = []): SearchStep => ({
  rate,
  ms: 20_000,
  achieved: rate,
  due: rate * 20,
  missed: 0,
  late: 0,
  succeeded: rate * 20,
  failed: 0,
  measured: limits.map((limit) => ({
    limit,
    value: limit.startsWith("p95") ? p95 : 0,
    of: 20,
    isHeld: !broken.some((one) => one.startsWith(limit)),
  })),
  broken,
});

const search = (steps: readonly SearchStep[], highest: number | undefined, isThrough = true) =>
  ({
    model: "search",
    limits,
    steps,
    highest,
    isThrough,
    due: 60,
    made: 60,
    missed: 0,
    late: 0,
    latest: 0,
  }) as const;

test("a search tells the highest rate that held, and a row for each that was tried", () => {
  const found = search([step(4, 2500), step(8, 12_345, ["p95(FX.finished)<10s: 12.345 s of 20"])], 4);
  expect(loadLines(found).at(-1)).toBe(
    "search: rates tried 2; 4/s is the highest rate that held, 8/s the lowest that broke",
  );
  expect(searchLines(found)).toEqual([
    "each rate had to hold p95(FX.finished)<10s, failures<=0%, missed<1%, and the generator to keep up:",
    "rate       for  achieved  started  missed  failed  p95(FX.finished)  verdict",
    "4/s   20.000 s       4/s       80       0       0           2.500 s  held",
    "8/s   20.000 s       8/s      160       0       0          12.345 s  broke: p95(FX.finished)<10s: 12.345 s of 20",
  ]);
});

test("a search that is not through, or found nothing, says so", () => {
  expect(searchLine(search([], undefined, false))).toBe(
    "search: rates tried 0; no rate held so far; the search is not through",
  );
  expect(searchLines(search([], undefined, false))).toHaveLength(1);
  const nothing = search([step(1, undefined, ["p95(FX.finished)<10s: nothing to measure"])], undefined);
  expect(searchLine(nothing)).toBe("search: rates tried 1; no rate held, 1/s the lowest that broke");
  expect(searchLines(nothing)[2]).toMatch(/ {2}- {2}broke: p95/);
});

test.each([
  [["missed<1%: 8 % of 160"], " (no limit of the target's did: too few --children)"],
  [["missed<1%: 8 % of 160", "p95(FX.finished)<10s: 12.345 s of 20"], ""],
  [
    ["the generator was the bottleneck: why"],
    " (no limit of the target's did: the generator was the bottleneck)",
  ],
  [
    ["missed<1%: 8 % of 160", "the generator was the bottleneck: why"],
    " (no limit of the target's did: the generator was the bottleneck)",
  ],
  [["failures<=0%: 5 % of 160"], ""],
])("a search that broke by nothing of the target's says so: %j", (broken, why) => {
  expect(searchLine(search([step(4, 2500), step(8, 2500, broken)], 4))).toBe(
    `search: rates tried 2; 4/s is the highest rate that held, 8/s the lowest that broke${why}`,
  );
});
