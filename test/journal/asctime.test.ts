import { expect, test } from "vitest";
import { asctime } from "../../stress/journal/asctime.ts";

test.each([
  [Date.UTC(2026, 10, 23, 2, 41, 21), "Mon Nov 23 02:41:21 2026"],
  [Date.UTC(2026, 10, 3, 2, 41, 21), "Tue Nov  3 02:41:21 2026"],
  [Date.UTC(2024, 1, 29, 0, 0, 0), "Thu Feb 29 00:00:00 2024"],
  [Date.UTC(1999, 11, 31, 23, 59, 59, 999), "Fri Dec 31 23:59:59 1999"],
  [0, "Thu Jan  1 00:00:00 1970"],
])("%i is written as %s", (unixMs, text) => {
  expect(asctime(unixMs)).toBe(text);
});
