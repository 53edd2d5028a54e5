import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "..", "..");
const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
  scripts: Record<string, string>;
};

/** Commands of the project's own, and an option that each must tell of: of those that have none, `--help` itself. */
const COMMANDS: Readonly<Record<string, string>> = {
  report: "--out",
  recover: "--wait",
  compare: "--fail",
  targets: "--check",
  new: "--protocol",
  merge: "--to",
  bench: "--rounds",
  "local-stack": "--l1-block-time",
  "test:simulate": "--seeds",
  schema: "--help",
  "known-chains": "--help",
};

const run = promisify(execFile);

/** What a script of package.json prints with these arguments; it throws where its exit code is not 0. */
const runScript = (name: string, ...args: readonly string[]) => {
  const [program = "", ...words] = scripts[name]?.split(" ") ?? [];
  expect(program, name).toBe("node");
  return run(process.execPath, [...words, ...args], { cwd: ROOT });
};

describe.concurrent("--help", () => {
  test.for(Object.entries(COMMANDS))(
    "of npm run %s tells what it takes, and does nothing",
    async ([name, option], { expect }) => {
      const { stdout, stderr } = await runScript(name, "--help");
      expect(stdout).toMatch(new RegExp(`^npm run ${name}\\b`));
      expect(stdout).toContain(option);
      expect(stderr).toBe("");
    },
  );

  test("of vitest has the options of a run in front of vitest's own", async ({ expect }) => {
    const { stdout } = await runScript("stress", "--help");
    expect(stdout).toMatch(/^rollup-stress: .*\n[^]* {2}--target <name> [^]*vitest run/);
  });
});

test("every command of the project's own is tried", () => {
  const own = Object.entries(scripts).flatMap(([name, script]) =>
    /^node tools\/with-install\.mjs (?!tools\/vitest-cli)/.test(script) ? [name] : [],
  );
  expect(Object.keys(COMMANDS).toSorted()).toEqual(own.toSorted());
});
