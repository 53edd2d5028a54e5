import { describe, expect, test } from "vitest";
import { parseDuration } from "../../../stress/engine/base/duration.mjs";

describe("a duration", () => {
  test.each([
    ["250ms", 250],
    ["90s", 90_000],
    ["1.5s", 1500],
    ["10m", 600_000],
    ["2h", 7_200_000],
    ["0s", 0],
    ["forever", Number.POSITIVE_INFINITY],
  ])("%s is %d ms", (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  test.each([
    "",
    "90",
    "s",
    "-1s",
    "1d",
    "1 s",
    "1e3s",
    "Infinity",
    "ten minutes",
    "1s\n",
    "9".repeat(20) + "h",
  ])("'%s' is none", (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});
