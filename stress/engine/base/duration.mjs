// Plain JavaScript, because the wrapper around vitest reads it before any TypeScript can run.

const MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/**
 * Milliseconds of `90s`, `10m`, `2h`, `250ms` or `forever` (Infinity).
 *
 * @param {string} text
 * @returns {number | undefined} undefined where it is none of these
 */
export function parseDuration(text) {
  if (text === "forever") return Number.POSITIVE_INFINITY;
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text);
  if (!match) return undefined;
  const ms = Number(match[1]) * MS[/** @type {keyof typeof MS} */ (match[2])];
  return Number.isSafeInteger(Math.ceil(ms)) ? ms : undefined;
}
