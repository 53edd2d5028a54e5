// Plain JavaScript, because the wrapper around vitest reads it before any TypeScript can run.

const PER_SECOND = { s: 1, m: 60, h: 3600 };

/**
 * Starts a second of `200/s`, `30/m` or `1000/h`.
 *
 * @param {string} text
 * @returns {number | undefined} above 0; undefined where it is none of these
 */
export function parseRate(text) {
  const match = /^(\d+(?:\.\d+)?)\/(s|m|h)$/.exec(text);
  if (!match) return undefined;
  const rate = Number(match[1]) / PER_SECOND[/** @type {keyof typeof PER_SECOND} */ (match[2])];
  return rate > 0 && Number.isFinite(rate) ? rate : undefined;
}
