import { describe, expect, test } from "vitest";
import { amongRuns, betweenSpans } from "../../../stress/report/compare/intervals.ts";

/** Numbers between 0 and 1, the same each time (Lehmer's generator). */
function draws(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

/** Values that differ from 10 by a factor that is about normal, of this width. */
function values(draw: () => number, count: number, width: number, factor = 1): number[] {
  const normal = (): number => Array.from({ length: 12 }, draw).reduce((sum, one) => sum + one, 0) - 6;
  return Array.from({ length: count }, () => 10 * factor * Math.exp(width * normal()));
}

/** In how many of a thousand comparisons something holds. */
function often(holds: (draw: () => number) => boolean): number {
  const draw = draws(7);
  return Array.from({ length: 1000 }, () => holds(draw)).filter(Boolean).length;
}

describe("a run among others", () => {
  test("changes by what it is more than their middle", () => {
    const { by, from, to } = amongRuns([10, 10, 10.0001], 15);
    expect(by).toBeCloseTo(0.5, 3);
    expect(to - from).toBeLessThan(0.001);
  });

  test.each([3, 5, 10])("of %i is taken for another in one of twenty where it is none", (count) => {
    const wrong = often((draw) => {
      const [now = 0, ...before] = values(draw, count + 1, 0.1);
      const { by, from, to } = amongRuns(before, now);
      return by < from || by > to;
    });
    expect(wrong).toBeGreaterThan(25);
    expect(wrong).toBeLessThan(80);
  });
});

describe("spans of one run beside those of another", () => {
  test("are told by how much they shifted", () => {
    const draw = draws(3);
    const { by, from, to } = betweenSpans(values(draw, 60, 0.2), values(draw, 60, 0.2, 1.5));
    expect(by).toBeGreaterThan(0.35);
    expect(by).toBeLessThan(0.65);
    expect(from).toBeGreaterThan(0.2);
    expect(to).toBeLessThan(0.9);
  });

  test("have an interval that does not hold the true change in one of twenty", () => {
    const wrong = often((draw) => {
      const { from, to } = betweenSpans(values(draw, 15, 0.3), values(draw, 15, 0.3));
      return from > 0 || to < 0;
    });
    expect(wrong).toBeGreaterThan(20);
    expect(wrong).toBeLessThan(80);
  });
});
