import { readdirSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { closest } from "fastest-levenshtein";
import type { z } from "zod";
import { StressError } from "../stress/engine/base/index.ts";
import { type Environment, environment, missingVariables, substituteVariables } from "./environment.ts";
import { asksForFork, withForkFunder, withForkOption } from "./fork.ts";
import { invalid, mistakesOf } from "./mistakes.ts";
import { parseJson } from "./parse-json.ts";
import { fromTargetFile } from "./from-target-file.ts";
import { fromPredecessorFile } from "./from-predecessor-file.ts";
import { isThere, readText, withoutMark } from "./read-text.ts";
import { PROTOCOLS } from "../stress/protocols/index.ts";
import type { Protocol } from "../stress/protocols/protocol.ts";
import { predecessorFile, targetFileOf } from "./schema.ts";
import type { Target } from "./target.ts";

/** Where target files are: here, or in the folder that ROLLUP_STRESS_TARGETS names. */
const HOME = process.env["ROLLUP_STRESS_TARGETS"] ?? import.meta.dirname;

/**
 * Reads and checks `targets/<name>.json`, in our format or the predecessor's.
 *
 * @throws {StressError} TARGET_NOT_FOUND or TARGET_INVALID, the latter with every mistake of the file at once
 */
export function loadTarget(
  name: string,
  env: Environment = environment(),
  home = HOME,
  fork?: string,
): Target {
  const path = join(home, `${name}.json`);
  if (!isThere(path)) {
    const known = targetNames(home);
    const nearest = known.length > 0 ? ` Did you mean ${closest(name, known)}?` : "";
    throw new StressError(
      "TARGET_NOT_FOUND",
      `there is no target '${name}' (${path})`,
      `known targets: ${known.join(", ") || "none"}.${nearest}`,
    );
  }
  return parseTarget(readText(path), path, env, fork);
}

/** Names of all files of `targets/`, sorted. */
export function targetNames(home = HOME): string[] {
  const isFolder = statSync(home, { throwIfNoEntry: false })?.isDirectory() === true;
  return (isFolder ? readdirSync(home) : [])
    .filter((file) => file.endsWith(".json") && file !== "schema.json")
    .map((file) => basename(file, ".json"))
    .sort();
}

/** What the command line says about the target of a run. */
export interface TargetChoice {
  /** The name of its file. */
  readonly target: string;
  /** `newest`, or blocks of L1 and L2 such as `7000000,120000`; undefined where no fork is asked for. */
  readonly fork?: string | undefined;
}

/**
 * The target that the command line's options name, or a fork of it.
 *
 * @throws {StressError} as `loadTarget`
 */
export const targetOf = ({ target, fork }: TargetChoice): Target =>
  loadTarget(target, environment(), HOME, fork);

/**
 * Variables of `targets/<name>.json` that are not in the environment; none where there is no such file. A fork needs no
 * funder's key.
 */
export function missingInTarget(
  name: string,
  env: Environment = environment(),
  home = HOME,
  fork?: string,
): string[] {
  const path = join(home, `${name}.json`);
  if (!isThere(path)) return [];
  const text = readText(path);
  return missingVariables(textOfFork(text, fork) ?? text, env);
}

/** The text of a target file without its funder; undefined where no fork is asked for, or the text is no JSON. */
function textOfFork(text: string, fork: string | undefined): string | undefined {
  try {
    const raw: unknown = JSON.parse(withoutMark(text));
    return fork !== undefined || asksForFork(raw) ? JSON.stringify(withForkFunder(raw)) : undefined;
  } catch (error) {
    // What is wrong with the file is told when it is loaded.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/**
 * Checks the text of a target file.
 *
 * @param path names the file in errors; relative files are seen from its folder
 * @param fork what `--fork` says, where it is given
 * @throws {StressError} TARGET_INVALID
 */
export function parseTarget(text: string, path: string, env: Environment, fork?: string): Target {
  const mistakes: string[] = [];
  const written = parseJson(withoutMark(text), path);
  const isFork = fork !== undefined || asksForFork(written);
  const raw = substituteVariables(isFork ? withForkFunder(written) : written, env, mistakes);
  const isPredecessor =
    typeof raw === "object" && raw !== null && ("endpoints" in raw || "funder_acct" in raw);
  const protocol = chosenProtocol(raw);
  const target = isPredecessor
    ? check(predecessorFile, raw, mistakes, (file, found) => fromPredecessorFile(file, dirname(path), found))
    : check(targetFileOf(protocol), raw, mistakes, (file, found) =>
        fromTargetFile(file, protocol, dirname(path), found),
      );
  if (target === undefined || mistakes.length > 0) throw invalid(path, mistakes);
  return withForkOption(target, fork);
}

/** The protocol that a target file names; the first where it names none, or none that is known: its schema tells of that. */
function chosenProtocol(raw: unknown): Protocol {
  const { protocol: name } = (raw ?? {}) as { protocol?: unknown };
  return PROTOCOLS.find((protocol) => protocol.name === name) ?? PROTOCOLS[0];
}

function check<S extends z.ZodType>(
  schema: S,
  raw: unknown,
  mistakes: string[],
  use: (file: z.output<S>, mistakes: string[]) => Target | undefined,
): Target | undefined {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return use(parsed.data, mistakes);
  // A place whose variable is missing has its mistake already.
  const isNew = (mistake: string): boolean => !mistakes.some((known) => placeOf(known) === placeOf(mistake));
  mistakes.push(...mistakesOf(parsed.error, schema).filter(isNew));
  // The rest of the file is judged without what is wrong in form, so that all mistakes are told at once.
  const wrong = parsed.error.issues.flatMap((issue) =>
    issue.path.length === 0 && "keys" in issue ? issue.keys : [String(issue.path[0])],
  );
  const entries = typeof raw === "object" && raw !== null ? Object.entries(raw) : [];
  const rest = schema.safeParse(Object.fromEntries(entries.filter(([key]) => !wrong.includes(key))));
  if (!rest.success) return undefined;
  const found: string[] = [];
  use(rest.data, found);
  mistakes.push(...found.filter((mistake) => !wrong.includes(placeOf(mistake).split(".")[0] ?? "")));
  return undefined;
}

/** Where a mistake is: what stands before its first colon. */
const placeOf = (mistake: string): string => mistake.slice(0, mistake.indexOf(":"));
