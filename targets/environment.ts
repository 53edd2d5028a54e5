import { join } from "node:path";
import { parseEnv } from "node:util";
import { isThere, readText } from "./read-text.ts";

/** Values by name, as in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** `${NAME}`, and what the predecessor's files have for INFURA_KEY. */
const VARIABLE = /\$\{(\w+)\}|__INFURA_KEY__/g;
const INFURA_KEY = "INFURA_KEY";

/**
 * The process's environment, with what an untracked `.env` beside package.json adds to it.
 *
 * @throws {StressError} TARGET_INVALID where that is no file that can be read
 */
export function environment(file = join(import.meta.dirname, "..", ".env")): Environment {
  return isThere(file) ? { ...parseEnv(readText(file)), ...process.env } : process.env;
}

/** Names of the variables in a target file's text that are not in the environment, each once. */
export function missingVariables(text: string, env: Environment): string[] {
  const names = [...text.matchAll(VARIABLE)].map(([, name = INFURA_KEY]) => name);
  return [...new Set(names)].filter((name) => (env[name] ?? "") === "");
}

/**
 * Puts values from the environment into every string of a parsed JSON value: `${NAME}`, and `__INFURA_KEY__` as the
 * predecessor's files have it. What is missing is added to `mistakes`, by name and place.
 */
export function substituteVariables(
  value: unknown,
  env: Environment,
  mistakes: string[],
  place = "",
): unknown {
  if (typeof value === "string") {
    const fill = (name: string): string => {
      // What every object has (`toString`) is no variable.
      const found = Object.hasOwn(env, name) ? env[name] : undefined;
      if (found !== undefined && found !== "") return found;
      const mistake = `${place}: the environment variable ${name} is not set (export it, put it into .env, or keep it encrypted: npx hardhat keystore set ${name})`;
      if (!mistakes.includes(mistake)) mistakes.push(mistake);
      // Stands in so that the rest of the file is checked, too; the mistake above makes the load fail anyway.
      return name;
    };
    return value.replaceAll(VARIABLE, (_, name: string | undefined) => fill(name ?? INFURA_KEY));
  }
  if (Array.isArray(value)) {
    return value.map((item, index) => substituteVariables(item, env, mistakes, `${place}[${index}]`));
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      name,
      substituteVariables(item, env, mistakes, place === "" ? name : `${place}.${name}`),
    ]),
  );
}
