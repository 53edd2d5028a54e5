import { invalid } from "./mistakes.ts";

/** Deeper than any target file has a reason to be: what walks through it must not run out of stack. */
const MOST_DEPTH = 20;

/**
 * The value of a target file's text.
 *
 * @param path names the file in errors
 * @throws {StressError} TARGET_INVALID where it is no JSON, or nested too deeply
 */
export function parseJson(text: string, path: string): unknown {
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
    // V8's message may quote the text around the mistake, and with it part of a key: only the place is kept.
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
