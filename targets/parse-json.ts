import { readJsonText } from "./json-text.ts";
import { invalid } from "./mistakes.ts";

/** Deeper than any target file has a reason to be: what walks through it must not run out of stack. */
const MOST_DEPTH = 20;

/**
 * The value of a target file's text.
 *
 * @param path names the file in errors
 * @throws {StressError} TARGET_INVALID where it is no JSON, has a key twice, or is nested too deeply
 */
export function parseJson(text: string, path: string): unknown {
  const read = readJsonText(text);
  if ("mistake" in read) throw invalid(path, [read.mistake]);
  if (isDeeper(read.value, MOST_DEPTH)) throw invalid(path, ["the file: nested too deeply"]);
  return read.value;
}

const isDeeper = (value: unknown, most: number): boolean =>
  typeof value === "object" &&
  value !== null &&
  (most === 0 || Object.values(value).some((item) => isDeeper(item, most - 1)));
