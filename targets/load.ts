import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { parseEnv } from "node:util";
import { closest } from "fastest-levenshtein";
import type { z } from "zod";
import { StressError } from "../stress/engine/errors.ts";
import { substituteVariables } from "./environment.ts";
import { faultsOf } from "./faults.ts";
import { fromTargetFile } from "./from-target-file.ts";
import { fromPredecessorFile } from "./from-predecessor-file.ts";
import { predecessorFile, targetFile } from "./schema.ts";
import type { Target } from "./target.ts";

/** Values by name, as in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Where target files are: here, or in the folder that ROLLUP_STRESS_TARGETS names. */
const HOME = process.env["ROLLUP_STRESS_TARGETS"] ?? import.meta.dirname;

/** The process's environment, with what an untracked `.env` beside package.json adds to it. */
export function environment(file = join(import.meta.dirname, "..", ".env")): Environment {
  return existsSync(file) ? { ...parseEnv(readFileSync(file, "utf8")), ...process.env } : process.env;
}

/**
 * Reads and checks `targets/<name>.json`, in our format or the predecessor's.
 *
 * @throws {StressError} TARGET_NOT_FOUND or TARGET_INVALID, the latter with every fault of the file at once
 */
export function loadTarget(name: string, env: Environment = environment(), home = HOME): Target {
  const path = join(home, `${name}.json`);
  if (!existsSync(path)) {
    const known = (existsSync(home) ? readdirSync(home) : [])
      .filter((file) => file.endsWith(".json") && file !== "schema.json")
      .map((file) => basename(file, ".json"));
    const nearest = known.length > 0 ? ` Did you mean ${closest(name, known)}?` : "";
    throw new StressError(
      "TARGET_NOT_FOUND",
      `there is no target '${name}' (${path})`,
      `known targets: ${known.join(", ") || "none"}.${nearest}`,
    );
  }
  return parseTarget(readFileSync(path, "utf8"), path, env);
}

/**
 * Checks the text of a target file.
 *
 * @param path names the file in errors; relative files are seen from its folder
 * @throws {StressError} TARGET_INVALID
 */
export function parseTarget(text: string, path: string, env: Environment): Target {
  const faults: string[] = [];
  const raw = substituteVariables(parseJson(text, path), env, faults);
  const isPredecessor =
    typeof raw === "object" && raw !== null && ("endpoints" in raw || "funder_acct" in raw);
  const target = isPredecessor
    ? check(predecessorFile, raw, faults, (file) => fromPredecessorFile(file, dirname(path), faults))
    : check(targetFile, raw, faults, (file) => fromTargetFile(file, dirname(path), faults));
  if (target === undefined || faults.length > 0) throw invalid(path, faults);
  return target;
}

function check<S extends z.ZodType>(
  schema: S,
  raw: unknown,
  faults: string[],
  use: (file: z.output<S>) => Target | undefined,
): Target | undefined {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return use(parsed.data);
  // A place whose variable is missing has its fault already.
  const places = faults.map((fault) => fault.slice(0, fault.indexOf(":") + 1));
  faults.push(
    ...faultsOf(parsed.error, schema).filter((fault) => !places.some((place) => fault.startsWith(place))),
  );
  return undefined;
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // V8's message may quote the text around the fault, and with it part of a key: only the place is kept.
    const position = Number(/position (\d+)/.exec(String(error))?.[1] ?? text.length);
    const before = text.slice(0, position).split("\n");
    const place = `line ${before.length}, column ${(before.at(-1) ?? "").length + 1}`;
    throw invalid(path, [`not JSON: look at ${place}`]);
  }
}

const invalid = (path: string, faults: readonly string[]): StressError =>
  new StressError(
    "TARGET_INVALID",
    `${path} cannot be used:\n${faults.map((fault) => `  - ${fault}`).join("\n")}`,
    "targets/schema.json and the README's chapter on targets tell what belongs there",
  );
