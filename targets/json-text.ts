/** A text's value, or what is wrong with it: by its place, as what stands there might be a key. */
export type JsonText = { readonly value: unknown } | { readonly mistake: string };

/** Reads JSON that a person wrote: a key that is given twice would be without effect, and is a mistake. */
export function readJsonText(text: string): JsonText {
  try {
    const value: unknown = JSON.parse(text);
    const again = repeatedKey(text);
    return again === undefined
      ? { value }
      : { mistake: `a key is given twice in one object: look at ${placeIn(text, again)}` };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // V8's message may quote the text around the mistake: only the place is kept.
    return { mistake: `not JSON: look at ${placeIn(text, positionOf(error, text))}` };
  }
}

function placeIn(text: string, position: number): string {
  const before = text.slice(0, position).split("\n");
  return `line ${before.length}, column ${(before.at(-1) ?? "").length + 1}`;
}

/** Texts of JSON, each with the colon behind it where it is a key, and what opens and closes. */
const PARTS = /("(?:[^"\\]|\\.)*")(\s*:)?|[{}[\]]/g;

/** Where a valid JSON text has the first key that its object has already; undefined where none has. */
function repeatedKey(text: string): number | undefined {
  const open: Set<unknown>[] = [];
  for (const { 0: part, 1: word, 2: colon, index } of text.matchAll(PARTS)) {
    if (part === "{" || part === "[") open.push(new Set());
    else if (part === "}" || part === "]") open.pop();
    if (word === undefined || colon === undefined) continue;
    // The same key may be written with escapes.
    const key: unknown = JSON.parse(word);
    const keys = open.at(-1);
    if (keys?.has(key) === true) return index;
    keys?.add(key);
  }
  return undefined;
}

/** Where parsing failed. V8 does not tell for a word it does not know: that is the end of the shortest text it refuses so. */
function positionOf(error: SyntaxError, text: string): number {
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
