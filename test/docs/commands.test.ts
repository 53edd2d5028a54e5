import { execFileSync } from "node:child_process";
import { existsSync, globSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseCLI } from "vitest/node";
import { parse } from "yaml";
import { localStacks } from "../../fixtures/local-stack/index.ts";
import { chosenProtocol, localStackVerb } from "../../tools/local-stack-options.ts";
import type { Verb } from "../../tools/option-table.mjs";
import { VERBS } from "../../tools/options.mjs";
import { readOptions, takeOptions } from "../../tools/read-options.mjs";
import { readOptions as readSimulation } from "../simulation/options.ts";
import { PAGES, read, ROOT, snippetsIn } from "./pages.ts";

const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };

/** A command's words as a shell has them: what is in quotation marks is one. */
const wordsOf = (command: string): string[] =>
  [...command.matchAll(/"([^"]*)"|\S+/g)].map(([word, quoted]) => quoted ?? word);

const inCamelCase = (name: string): string =>
  name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

/** The options that vitest itself tells of. */
const vitestOptions: ReadonlySet<string> = new Set(
  execFileSync(process.execPath, [join(ROOT, "tools", "vitest-cli.mjs"), "run", "--help"], {
    encoding: "utf8",
  })
    .match(/(?<=^ +(?:-\w, )?--)[\w-]+/gm)
    ?.map(inCamelCase),
);

/** What reads the options of a script of the project's own; undefined where vitest does. */
function verbOf(script: string, argv: readonly string[]): Verb | undefined {
  if (script === "local-stack") return localStackVerb(localStacks[chosenProtocol(argv)]);
  return Object.values<Verb>(VERBS).find(({ name }) => name === script && name !== "stress");
}

/** @throws what is wrong with a run's options, or with vitest's */
function checkVitest(argv: readonly string[]): void {
  const { rest } = takeOptions(argv);
  for (const [option, name = ""] of rest.join(" ").matchAll(/--([\w-]+)/g))
    if (!vitestOptions.has(inCamelCase(name))) throw new Error(`vitest has no ${option}`);
  const { filter } = parseCLI(["vitest", "run", ...rest.filter((word) => word !== "--help")]);
  for (const one of filter)
    if (globSync(`${one}*`, { cwd: ROOT }).length === 0) throw new Error(`there is no ${one}`);
}

/** @throws what is wrong with it */
function checkScript(script: string, argv: readonly string[]): void {
  if (!(script in scripts)) throw new Error(`there is no npm run ${script}`);
  const given = argv[0] === "--" ? argv.slice(1) : argv;
  if (given.length !== argv.length - (argv.length > 0 ? 1 : 0))
    throw new Error("npm takes what has no -- before it");
  const verb = verbOf(script, given);
  if (verb !== undefined) readOptions(verb, given);
  else if (script === "test:simulate") readSimulation(given);
  else if (script === "bench") checkBench(given);
  else checkVitest(given);
}

function checkBench(argv: readonly string[]): void {
  const text = read("bench/main.ts");
  for (const word of argv.filter((one) => one.startsWith("--")))
    if (!text.includes(`  ${word} `)) throw new Error(`bench has no ${word}`);
}

/** Other people's commands are theirs; the files that they are given are ours. */
function checkFiles(argv: readonly string[]): void {
  for (const word of argv)
    if (/^[\w-]+\/[\w./-]+$/.test(word) && !existsSync(join(ROOT, word)))
      throw new Error(`there is no ${word}`);
}

/** @throws what is wrong with a line of a shell */
function check(line: string): void {
  const words = wordsOf(line.replace(/\s+#.*$/, ""));
  const [program, verb = "", ...rest] = words.slice(words.findIndex((word) => !/^[A-Z_]+=/.test(word)));
  if (program === "npm" && verb === "run") checkScript(rest[0] ?? "", rest.slice(1));
  else if (program === "npm" && verb === "test") checkScript(verb, rest);
  else if (program === "npx" && verb === "vitest") checkVitest(rest[0] === "run" ? rest.slice(1) : rest);
  else if (program === "docker" || program === "kubectl") checkFiles(rest);
  else throw new Error(`nobody knows how to check ${line}`);
}

/** Commands of shells, and of workflows' steps. */
const lines = [
  ...snippetsIn("sh").flatMap(({ at, text }) =>
    text
      .trim()
      .split("\n")
      .map((line) => ({ at, line })),
  ),
  ...snippetsIn("yaml").flatMap(({ at, text }) => {
    const { steps } = parse(text) as { steps: readonly { run: string }[] };
    return steps.map(({ run }) => ({ at, line: run.replaceAll(/\$\{\{ matrix\.\w+ \}\}/g, "1") }));
  }),
];

describe("a command that a page gives", () => {
  test.each(lines)("$at: $line", ({ line }) => {
    expect(() => check(line)).not.toThrow();
  });

  test("in the midst of a sentence is one of package.json's", () => {
    for (const { path, text } of PAGES)
      for (const [, name = ""] of text.matchAll(/npm run ([a-z][\w:-]*)/g))
        expect(scripts, `${path}: npm run ${name}`).toHaveProperty([name]);
  });

  test.each([
    ["npm run reprot -- logs/op.log", "there is no npm run reprot"],
    ["npm run recover -- --targt local", "unknown option --targt"],
    ["npm run report logs/op.log", "npm takes what has no -- before it"],
    ["npm run bench -- --often 3", "bench has no --often"],
    ["npm run test:simulate -- --sed 3", "Unknown option '--sed'"],
    ["npm run local-stack -- --l3-block-time 3s", "unknown option --l3-block-time"],
    ["npx vitest run stress/none --target local", "there is no stress/none"],
    ["npx vitest run stress --gate speed", "--gate wants limits"],
    ["npx vitest run stress --bogus", "vitest has no --bogus"],
    ["docker build -f deploy/Dokerfile .", "there is no deploy/Dokerfile"],
    ["make all", "nobody knows how to check make all"],
  ])("is refused: %s", (line, reason) => {
    expect(() => check(line)).toThrow(reason);
  });
});
