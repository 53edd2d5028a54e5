// Takes the stress options out of the arguments, and hands the rest to vitest's own CLI.
import "./loopback.mjs";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { OptionError } from "./option-values.mjs";
import { OPTIONS_VARIABLE, VERBS } from "./options.mjs";
import { root } from "./own-node.mjs";
import { help, nearestOption, takeOptions } from "./read-options.mjs";
import { argumentsAtRoot, checkArguments, withReporters } from "./vitest-arguments.mjs";

/** Vite would write a bundle of the configuration beside it, which a read-only checkout refuses. Node reads it as it is. */
const LOADER = ["--configLoader=native"];

/** Reporters that tell of runs what vitest's own do not. */
const REPORTERS = { junit: join(root, "tools", "junit-reporter.ts") };

try {
  await runVitest(process.argv.slice(2));
} catch (error) {
  const problem = describe(error);
  if (problem === undefined) throw error;
  console.error(`vitest: ${problem}\nSee npx vitest --help.`);
  process.exit(2);
}

/** @param {string[]} args */
async function runVitest(args) {
  const { own: given, rest } = takeOptions(args);
  const { shard, ...others } = given;
  // The project's own tests are divided by vitest, file by file; a load, by its children.
  const own = isOwnTests(rest) ? others : given;
  if (shard !== undefined && own === others) rest.push(`--shard=${shard.part}/${shard.of}`);
  process.env[OPTIONS_VARIABLE] = JSON.stringify(own);
  const home = join(root, "node_modules", "vitest");
  const { bin, version } = JSON.parse(readFileSync(join(home, "package.json"), "utf8"));
  const isInstalled = (/** @type {string} */ name) => existsSync(join(root, "node_modules", name));
  checkArguments(rest, { isInstalled, version });
  const atRoot = argumentsAtRoot(rest, process.cwd(), root);
  // Hardhat and vitest look for their configurations in the working directory.
  if (atRoot !== undefined) process.chdir(root);
  if (rest.includes("--help") || rest.includes("-h")) console.log(`${help(VERBS.stress)}\n`);
  // Only now is the terminal ours: vitest's display would write over a question.
  else if (own.target !== undefined && process.stdin.isTTY)
    await askForKeystore({ target: own.target, fork: own.fork });
  // vitest colours what it prints wherever that goes; a file or a pipe has no use for codes.
  if (!process.stdout.isTTY && !("FORCE_COLOR" in process.env)) process.env["NO_COLOR"] ??= "1";
  const main = join(home, bin.vitest);
  process.argv.splice(
    1,
    process.argv.length - 1,
    main,
    ...(atRoot === undefined ? rest : [...LOADER, ...withReporters(atRoot, REPORTERS)]),
  );
  await import(pathToFileURL(main).href);
}

/** @param {import("../targets/load.ts").TargetChoice} choice */
async function askForKeystore(choice) {
  // Half a second to load: only where somebody could be asked.
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

/**
 * Whether the arguments name a project other than that of scenarios.
 *
 * @param {readonly string[]} args
 */
function isOwnTests(args) {
  const named = args.flatMap((word, at) =>
    word === "--project"
      ? [args[at + 1]]
      : word.startsWith("--project=")
        ? [word.slice("--project=".length)]
        : [],
  );
  return named.length > 0 && !named.includes("stress");
}
