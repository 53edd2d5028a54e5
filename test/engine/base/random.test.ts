import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { drawsOf, wholeBelow } from "../../../stress/engine/base/random.ts";
import { runs } from "../../fakes/property.ts";

const draw = (turn: number, label = "FX"): number => drawsOf(42, 3, turn)(label);

describe("draws", () => {
  test("are the same for the same seed, child, turn and label", () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.nat(), fc.string(), (seed, child, turn, label) => {
        expect(drawsOf(seed, child, turn)(label)).toBe(drawsOf(seed, child, turn)(label));
      }),
      runs(),
    );
  });

  test("do not depend on what was drawn before", () => {
    const [one, two] = [drawsOf(1, 2, 3), drawsOf(1, 2, 3)];
    const forwards = ["FX", "SX", "PY"].map(one);
    const backwards = ["PY", "SX", "FX"].map(two);
    expect(backwards.toReversed()).toEqual(forwards);
  });

  test("differ with each of seed, child, turn and label", () => {
    const draws = [
      drawsOf(1, 2, 3)("FX"),
      drawsOf(9, 2, 3)("FX"),
      drawsOf(1, 9, 3)("FX"),
      drawsOf(1, 2, 9)("FX"),
      drawsOf(1, 2, 3)("SX"),
      // the digits of seed and child must not run together
      drawsOf(12, 3, 3)("FX"),
    ];
    expect(new Set(draws).size).toBe(draws.length);
  });

  test("differ for seeds beyond 32 bits, too", () => {
    const draws = [5, 2 ** 32 + 5, 2 ** 33 + 5, Number.MAX_SAFE_INTEGER].map((seed) =>
      drawsOf(seed, 0, 0)("FX"),
    );
    expect(new Set(draws).size).toBe(draws.length);
  });

  test.each<[string, (at: number) => number]>([
    ["children and turns", (at) => drawsOf(42, at % 7, at)("PY")],
    ["turns", (at) => drawsOf(42, 3, at)("PY")],
    ["children", (at) => drawsOf(42, at, 0)("PY")],
    ["seeds", (at) => drawsOf(at, 0, 0)("PY")],
    ["labels", (at) => drawsOf(42, 0, 0)(`label ${at}`)],
    ["turns, in their last bits", (at) => (drawsOf(42, 3, at)("PY") * 2 ** 32) % 1],
    ["turns, in what they are more than the turn before", (at) => (1 + draw(at + 1) - draw(at)) % 1],
    ["labels of one choice, in what one is more than the other", (at) => (1 + draw(at) - draw(at, "SX")) % 1],
  ])("lie in [0, 1) and are spread evenly over %s", (_, drawn) => {
    const buckets = Array.from({ length: 10 }, () => 0);
    for (let at = 0; at < 10_000; at++) {
      const one = drawn(at);
      expect(one).toBeGreaterThanOrEqual(0);
      expect(one).toBeLessThan(1);
      const bucket = Math.floor(one * 10);
      buckets[bucket] = (buckets[bucket] ?? 0) + 1;
    }
    // Four standard deviations of a binomial(10000, 0.1) are 120.
    for (const count of buckets) expect(Math.abs(count - 1000)).toBeLessThan(120);
  });
});

describe("a whole number below a bound", () => {
  test("is 0 for the least draw and one less than the bound for the greatest", () => {
    expect([wholeBelow(0, 5), wholeBelow(1 - Number.EPSILON / 2, 5)]).toEqual([0, 4]);
  });

  test("is always within the bound", () => {
    fc.assert(
      fc.property(fc.nat(2 ** 48 - 1), fc.integer({ min: 1, max: 1_000_000 }), (draw, below) => {
        const whole = wholeBelow(draw / 2 ** 48, below);
        expect(Number.isInteger(whole) && whole >= 0 && whole < below).toBe(true);
      }),
      runs(),
    );
  });
});
