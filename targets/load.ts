import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { parseEnv } from "node:util";
import { closest } from "fastest-levenshtein";
import type { z } from "zod";
import { StressError } from "../stress/engine/base/errors.ts";
import { missingVariables, substituteVariables } from "./environment.ts";
import { asksForFork, withForkFunder, withForkOption } from "./fork.ts";
import { faultsOf } from "./faults.ts";
import { fromTargetFile } from "./from-target-file.ts";
import { fromPredecessorFile } from "./from-predecessor-file.ts";
import { readText, withoutMark } from "./read-text.ts";
import { predecessorFile, targetFile } from "./schema.ts";
import type { Target } from "./target.ts";

/** Values by name, as in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Where target files are: here, or in the folder that ROLLUP_STRESS_TARGETS names. */
const HOME = process.env["ROLLUP_STRESS_TARGETS"] ?? import.meta.dirname;

/** Deeper than any target file has a reason to be: what walks through it must not run out of stack. */
const MOST_DEPTH = 20;

/**
 * The process's environment, with what an untracked `.env` beside package.json adds to it.
 *
 * @throws {StressError} TARGET_INVALID where that is no file that can be read
 */
export function environment(file = join(import.meta.dirname, "..", ".env")): Environment {
  return existsSync(file) ? { ...parseEnv(readText(file)), ...process.env } : process.env;
}

/**
 * Reads and checks `targets/<name>.json`, in our format or the predecessor's.
 *
 * @throws {StressError} TARGET_NOT_FOUND or TARGET_INVALID, the latter with every fault of the file at once
 */
export function loadTarget(
  name: string,
  env: Environment = environment(),
  home = HOME,
  fork?: string,
): Target {
  const path = join(home, `${name}.json`);
  if (!existsSync(path)) {
    const isFolder = statSync(home, { throwIfNoEntry: false })?.isDirectory() === true;
    const known = (isFolder ? readdirSync(home) : [])
      .filter((file) => file.endsWith(".json") && file !== "schema.json")
      .map((file) => basename(file, ".json"));
    const nearest = known.length > 0 ? ` Did you mean ${closest(name, known)}?` : "";
    throw new StressError(
      "TARGET_NOT_FOUND",
      `there is no target '${name}' (${path})`,
      `known targets: ${known.join(", ") || "none"}.${nearest}`,
    );
  }
  return parseTarget(readText(path), path, env, fork);
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
  if (!existsSync(path)) return [];
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
  const faults: string[] = [];
  const written = parseJson(withoutMark(text), path);
  const isFork = fork !== undefined || asksForFork(written);
  const raw = substituteVariables(isFork ? withForkFunder(written) : written, env, faults);
  const isPredecessor =
    typeof raw === "object" && raw !== null && ("endpoints" in raw || "funder_acct" in raw);
  const target = isPredecessor
    ? check(predecessorFile, raw, faults, (file, found) => fromPredecessorFile(file, dirname(path), found))
    : check(targetFile, raw, faults, (file, found) => fromTargetFile(file, dirname(path), found));
  if (target === undefined || faults.length > 0) throw invalid(path, faults);
  return withForkOption(target, fork);
}

function check<S extends z.ZodType>(
  schema: S,
  raw: unknown,
  faults: string[],
  use: (file: z.output<S>, faults: string[]) => Target | undefined,
): Target | undefined {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return use(parsed.data, faults);
  // A place whose variable is missing has its fault already.
  const isNew = (fault: string): boolean => !faults.some((known) => placeOf(known) === placeOf(fault));
  faults.push(...faultsOf(parsed.error, schema).filter(isNew));
  // The rest of the file is judged without what is wrong in form, so that all faults are told at once.
  const wrong = parsed.error.issues.flatMap((issue) =>
    issue.path.length === 0 && "keys" in issue ? issue.keys : [String(issue.path[0])],
  );
  const entries = typeof raw === "object" && raw !== null ? Object.entries(raw) : [];
  const rest = schema.safeParse(Object.fromEntries(entries.filter(([key]) => !wrong.includes(key))));
  if (!rest.success) return undefined;
  const found: string[] = [];
  use(rest.data, found);
  faults.push(...found.filter((fault) => !wrong.includes(placeOf(fault).split(".")[0] ?? "")));
  return undefined;
}

/** Where a fault is: what stands before its first colon. */
const placeOf = (fault: string): string => fault.slice(0, fault.indexOf(":"));

function parseJson(text: string, path: string): unknown {
  const value = parsed(text, path);
  if (isDeeper(value, MOST_DEPTH)) throw invalid(path, ["the file: nested too deeply"]);
  return value;
}

const isDeeper = (value: unknown, most: number): boolean =>
  typeof value === "object" &&
  value !== null &&
  (most === 0 || Object.values(value).some((item) => isDeeper(item, most - 1)));

function parsed(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // V8's message may quote the text around the fault, and with it part of a key: only the place is kept.
    const before = text.slice(0, positionOf(error, text)).split("\n");
    const place = `line ${before.length}, column ${(before.at(-1) ?? "").length + 1}`;
    throw invalid(path, [`not JSON: look at ${place}`]);
  }
}

/** Where parsing failed. V8 does not tell for a word it does not know: that is the end of the shortest text it refuses so. */
function positionOf(error: unknown, text: string): number {
  // Only V8's own words at the end count: what stands before them may be the file's.
  const told = /at position (\d+)(?: \(line \d+ column \d+\))?$/.exec(String(error))?.[1];
  if (told !== undefined) return Number(told);
  let [good, bad] = [0, text.length];
  while (good + 1 < bad) {
    const middle = (good + bad) >> 1;
    if (refusesWord(text.slice(0, middle))) bad = middle;
    else good = middle;
  }
  return refusesWord(text) ? bad - 1 : text.length;
}

function refusesWord(text: string): boolean {
  try {
    JSON.parse(text);
    return false;
  } catch (error) {
    return String(error).includes("Unexpected token");
  }
}

const invalid = (path: string, faults: readonly string[]): StressError =>
  new StressError(
    "TARGET_INVALID",
    `${path} cannot be used:\n${faults.map((fault) => `  - ${fault}`).join("\n")}`,
    "targets/schema.json and the README's chapter on targets tell what belongs there",
  );
