import { describe, expect, test } from "vitest";
import { lastLines } from "../../stress/report/last-lines.ts";
import { renderMarkdown } from "../../stress/report/markdown.ts";
import { brokenResult } from "../fakes/result-file.ts";

const result = brokenResult(400);

describe("a report for a pull request", () => {
  const text = renderMarkdown(result);

  test("begins with the verdict, and tells each reason", () => {
    const [title, ...rest] = text.split("\n");
    expect(title).toMatch(/^## ❌ The bridge did not hold: /);
    expect(rest.join("\n")).toContain("- 1 crossing was paid more than once.");
  });

  test("has a row for each kind of operation, and rows as wide as their head", () => {
    for (const { code } of result.operations.figures)
      expect(text).toMatch(new RegExp(`^\\| ${code} \\| \\d+ \\|`, "m"));
    for (const table of text.split("\n\n").filter((part) => part.startsWith("|"))) {
      const widths = table
        .trimEnd()
        .split("\n")
        .map((line) => line.replaceAll("\\|", "").split("|").length);
      expect(new Set(widths).size).toBe(1);
    }
  });

  test("lets nothing that a target says be markup", () => {
    expect(text.replaceAll(/\\[<>]/g, "")).not.toMatch(/<img|<b>|<\/script/);
  });
});

test("a run's last lines are the three slowest, where the report is, and the verdict with its reasons", () => {
  const lines = lastLines(result, "logs/x/report.html");
  expect(lines[0]?.match(/of child \d+/g)).toHaveLength(3);
  expect(lines.slice(1, 4)).toEqual([
    "report: logs/x/report.html",
    expect.stringMatching(/^The bridge did not hold: /),
    "  1 crossing was paid more than once.",
  ]);
});
