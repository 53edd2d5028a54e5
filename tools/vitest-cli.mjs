#!/usr/bin/env node
// `vitest` as this project runs it: takes the stress options out of the arguments, hands the rest to vitest's own CLI.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { root } from "./installation.mjs";
import { OptionError } from "./option-values.mjs";
import { OPTIONS_VARIABLE, VERBS } from "./options.mjs";
import { isNodeNewEnough, runOnOwnNode } from "./own-node.mjs";
import { help, nearestOption, takeOptions } from "./read-options.mjs";

const args = process.argv.slice(2);
if (isNodeNewEnough()) {
  try {
    await runVitest();
  } catch (error) {
    const problem = describe(error);
    if (problem === undefined) throw error;
    console.error(`vitest: ${problem}\nSee npx vitest --help.`);
    process.exit(2);
  }
} else {
  runOnOwnNode(fileURLToPath(import.meta.url), args);
}

async function runVitest() {
  const { own, rest } = takeOptions(args);
  process.env[OPTIONS_VARIABLE] = JSON.stringify(own);
  if (rest.includes("--help") || rest.includes("-h")) console.log(`${help(VERBS.stress)}\n`);
  // Only now is the terminal ours: vitest's display would write over a question.
  else if (own.target !== undefined && process.stdin.isTTY)
    await askForKeystore({ target: own.target, fork: own.fork });
  const home = join(root, "node_modules", "vitest");
  const { bin } = JSON.parse(readFileSync(join(home, "package.json"), "utf8"));
  const main = join(home, bin.vitest);
  process.argv.splice(1, process.argv.length - 1, main, ...rest);
  await import(pathToFileURL(main).href);
}

/** @param {import("../targets/load.ts").TargetChoice} choice */
async function askForKeystore(choice) {
  // An older Node, which only starts the right one, could not read these.
  const [{ fillFromKeystore }, { StressError }] = await Promise.all([
    import("./keystore-variables.ts"),
    import("../stress/engine/base/index.ts"),
  ]);
  try {
    await fillFromKeystore(choice);
  } catch (error) {
    if (!(error instanceof StressError)) throw error;
    console.error(`\n${error.render()}\n`);
    process.exit(2);
  }
}

/**
 * What is wrong with the command line, or undefined where the error is of another kind.
 *
 * @param {unknown} error
 */
function describe(error) {
  if (error instanceof OptionError) return error.message;
  // What vitest's command-line parser throws for an option that neither it nor we know, or a missing value.
  if (!(error instanceof Error) || error.name !== "CACError") return undefined;
  const [, name] = /^Unknown option `--?([\w-]+)`/.exec(error.message) ?? [];
  const right = name && nearestOption(VERBS.stress, name);
  return right ? `unknown option --${name}; did you mean --${right}?` : error.message;
}
