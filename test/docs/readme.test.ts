import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { VERBS } from "../../tools/options.mjs";
import { page, read, ROOT } from "./pages.ts";
import { snippetFiles } from "./snippet-files.ts";

const readme = page("README.md").text;

describe("the README", () => {
  test("is what a newcomer reads in ten minutes", () => {
    expect(readme.split("\n").length, "lines: what is more belongs on a page of docs/").toBeLessThanOrEqual(
      200,
    );
  });

  test("has a row for each option, and no other", () => {
    const rows = [...readme.matchAll(/^\| `--([a-z-]+)/gm)].map(([, name = ""]) => name);
    expect(rows.toSorted()).toEqual(Object.keys(VERBS.stress.options).toSorted());
  });

  test("gives a reason for each dependency", () => {
    const { devDependencies } = JSON.parse(read("package.json")) as {
      devDependencies: Record<string, string>;
    };
    for (const name of Object.keys(devDependencies)) expect(readme).toMatch(new RegExp(`[| ,]${name}[ ,|]`));
  });
});

describe("a snippet that says which file it is of", () => {
  const named = snippetFiles().map(({ at, path = "", text }) => ({
    at,
    path,
    text: text.slice(text.indexOf("\n") + 1),
  }));

  test.each(named.filter(({ path }) => existsSync(join(ROOT, path))))("$at is in $path", ({ path, text }) => {
    expect(read(path)).toContain(text);
  });

  test("docs/operations.md shows an operation that is tried as it is: only where it is imported from differs", () => {
    const shown = named.find(({ at }) => at.startsWith("docs/operations.md"))?.text ?? "";
    const moved = shown
      .replaceAll('"../../../engine/', '"../../../stress/engine/')
      .replace('"../operation.ts"', '"../../../stress/protocols/ovm2/operation.ts"');
    expect(moved).not.toBe(shown);
    expect(read("test/protocols/ovm2/payment-with-data.ts")).toBe(moved);
  });
});
