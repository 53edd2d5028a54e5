import * as fc from "fast-check";
import { expect, test } from "vitest";
import { clipped, fitted, stamped } from "../../stress/report/fitted.ts";

const width = fc.integer({ min: 20, max: 200 });
const words = fc.array(fc.stringMatching(/^[a-z0-9.,/]{1,40}$/), { minLength: 1, maxLength: 60 });

test("no line is longer than it may be, but for a word that is so by itself", () => {
  fc.assert(
    fc.property(width, fc.integer({ min: 0, max: 8 }), words, (most, indent, said) => {
      for (const line of fitted(" ".repeat(indent) + said.join(" "), most))
        expect(line.length <= most || !line.trim().includes(" ")).toBe(true);
    }),
  );
});

test("what is broken up keeps all of its words, in their order, each further line further in", () => {
  fc.assert(
    fc.property(width, fc.integer({ min: 0, max: 8 }), words, (most, indent, said) => {
      const lines = fitted(" ".repeat(indent) + said.join(" "), most);
      expect(lines.map((line) => line.trim()).join(" ")).toBe(said.join(" "));
      for (const [at, line] of lines.entries())
        expect(/^ */.exec(line)?.[0]).toHaveLength(at === 0 ? indent : indent + 4);
    }),
  );
});

test("lines of one text stay lines, and one that fits stays as it is, its columns included", () => {
  expect(fitted("  code   count\n  PY          4\r\n\r\nend")).toEqual([
    "  code   count",
    "  PY          4",
    "",
    "end",
  ]);
});

test("a line that is cut tells that it is", () => {
  expect(clipped("abcdef", 6)).toBe("abcdef");
  expect(clipped("abc\ndefg", 6)).toBe("abc d…");
  expect(clipped("abc", 0)).toBe("…");
});

test("the time before a line is UTC", () => {
  expect(stamped(Date.UTC(2026, 0, 1, 23, 59, 59, 999), "over")).toBe("23:59:59 over");
});
