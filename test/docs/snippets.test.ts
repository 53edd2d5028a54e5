import { execFile } from "node:child_process";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, onTestFinished, test } from "vitest";
import { checkFaultPlan } from "../../fixtures/local-stack/index.ts";
import { parseTarget } from "../../targets/load.ts";
import { read, ROOT, snippetsIn } from "./pages.ts";
import { folderInProject, type SnippetFile, snippetFiles, writeSnippet } from "./snippet-files.ts";

const COMPILER = join(ROOT, "node_modules", "typescript", "bin", "tsc");

/** What the compiler says of some snippets, by the project's own settings: a line for each mistake. */
async function compilerOn(files: readonly SnippetFile[]): Promise<readonly string[]> {
  const folder = folderInProject();
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const file of files) writeSnippet(folder, file);
  // Where the fixtures declare what the main process hands to specs.
  const declaring = "../../tools/global-setup.ts";
  const settings = { extends: "../../tsconfig.json", include: ["*.ts", declaring], exclude: [] };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(settings));
  const done = promisify(execFile)(process.execPath, [COMPILER, "-p", folder], { cwd: folder });
  const { stdout } = await done.catch((error: { stdout: string }) => error);
  return stdout.split("\n").filter((line) => line !== "");
}

describe("a ts snippet", () => {
  const files = snippetFiles();

  test.each(files)("$at says in its first line which file it is", ({ path }) => {
    expect(path).toMatch(/^(stress|fixtures|targets|test)\/.+\.ts$/);
  });

  test("is right by the compiler, and one with a mistake is told with its page", async () => {
    expect(files.length).toBeGreaterThan(6);
    const planted = files
      .slice(0, 1)
      .map((one) => ({ ...one, at: `planted in ${one.at}`, text: one.text.replace("children:", "kids:") }));
    const lines = await compilerOn([...files, ...planted]);
    const isPlanted = (line: string): boolean => line.startsWith("planted in README.md");
    expect(lines.filter((line) => !isPlanted(line))).toEqual([]);
    expect(lines.filter(isPlanted)).toEqual([expect.stringMatching(/: error TS2353: .*'kids'/)]);
  });
});

/** Values for the variables that pages' targets name. */
const ENVIRONMENT = {
  L1_ENDPOINT: "https://l1.example",
  L2_ENDPOINT: "https://l2.example",
  FUNDER_KEY: "11".repeat(32),
  ADDRESS_SERVER: "https://addresses.example",
};

/** Reads what a `json` snippet shows: a fault plan, a target, or keys of one. @throws what is wrong with it */
function readJson(text: string): void {
  const shown = JSON.parse(text) as Readonly<Record<string, unknown>>;
  if ("faults" in shown) {
    const mistakes = (["ovm2", "op-stack"] as const).map((protocol) => checkFaultPlan(shown, protocol));
    if (mistakes.every((one) => "mistakes" in one)) throw new Error(JSON.stringify(mistakes));
    return;
  }
  const whole = "name" in shown ? shown : { ...JSON.parse(read("targets/example-remote.json")), ...shown };
  parseTarget(JSON.stringify(whole), "shown.json", ENVIRONMENT);
}

describe("a json snippet", () => {
  const snippets = snippetsIn("json");

  test.each(snippets)("$at is read by the schema of what it is", ({ text }) => {
    expect(() => readJson(text)).not.toThrow();
  });

  test.each(snippets)("$at is the file that has its name, where there is one", ({ text }) => {
    const { name } = JSON.parse(text) as { name?: string };
    const path = `targets/${name}.json`;
    expect(JSON.parse(text)).toEqual(
      existsSync(join(ROOT, path)) ? JSON.parse(read(path)) : JSON.parse(text),
    );
  });

  test.each([
    ['{ "faults": [{ "fault": "drop rely", "path": "deposits" }] }', "did you mean drop relay?"],
    ['{ "name": "x", "stack": {}, "shares": { "l1": { "XX": 5 } } }', "XX"],
    ['{ "fork": { "l3Block": 5 } }', "l3Block"],
    ['{ "forks": {} }', "forks"],
  ])("is refused: %s", (text, reason) => {
    expect(() => readJson(text)).toThrow(reason);
  });
});
