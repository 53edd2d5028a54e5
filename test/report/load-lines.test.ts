import { expect, test } from "vitest";
import { loadLines } from "../../stress/report/load-lines.ts";

const open = { model: "open", due: 1000, made: 1000, missed: 0, late: 0, latest: 2.4 } as const;

test("a load without a schedule has nothing to say", () => {
  expect(loadLines({ model: "closed" })).toEqual([]);
});

test("an open load tells its starts, and how late they came at most", () => {
  expect(loadLines(open)).toEqual([
    "open load: 1,000 starts were due, 1,000 made",
    "starts came up to 0.002 s after their time",
  ]);
  expect(loadLines({ ...open, made: 990, missed: 10 })[0]).toMatch(/990 made; 10 missed: no child was free/);
  expect(loadLines({ ...open, due: 0, made: 0, latest: 0 })).toHaveLength(2);
});

test("an open load tells how many starts were late", () => {
  expect(loadLines({ ...open, late: 11, latest: 350 })[1]).toBe(
    "starts came up to 0.350 s after their time, 11 of them more than 0.100 s",
  );
});
