import { globSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseOpLog } from "../../stress/journal/parse-op-log.ts";
import { page, read, ROOT, snippetsOf } from "./pages.ts";

const { text } = page("docs/op-log.md");

/** The first words of the comments that the page tells of. */
const told = new Set(
  [...text.matchAll(/^\| (`#.*?) \|/gm)].flatMap(([, cell = ""]) =>
    [...cell.matchAll(/`# ([a-z-]+)=/g)].map(([, name = ""]) => name),
  ),
);

const sources = ["stress", "fixtures", "tools"]
  .flatMap((folder) => globSync(`${folder}/**/*.ts`, { cwd: ROOT }))
  .map(read)
  .join("\n");

describe("docs/op-log.md", () => {
  test("shows records that the journal's parser reads", () => {
    const [records] = snippetsOf(page("docs/op-log.md"));
    expect(parseOpLog(records?.text ?? "").map(({ record }) => record)).toEqual([
      "init",
      "start",
      "watch",
      "done",
    ]);
  });

  test("tells of each comment that the code writes by a name of its own", () => {
    const written = [
      ...sources.matchAll(/\.comment\(\{\s*"?([a-z-]+)/g),
      ...sources.matchAll(/\.(?:comment|fate)\("([a-z-]+)"/g),
    ].map(([, name = ""]) => name);
    expect(new Set(written).size).toBeGreaterThan(12);
    expect(written.filter((name) => !told.has(name))).toEqual([]);
  });

  test("tells of no comment that nobody writes", () => {
    expect([...told].filter((name) => !new RegExp(`\\b${name}\\b`).test(sources))).toEqual([]);
  });
});
