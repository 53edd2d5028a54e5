// Plain JavaScript, because the wrapper around vitest reads it before any TypeScript can run.
import { parseDuration } from "./duration.mjs";

/**
 * A limit that a load has to hold, as it was written and as it is checked: of a time's percentile (`part` 0.95 for `p95`, 1 for `max`;
 * `bound` in milliseconds), or of a part of all operations or starts (`bound` 0.01 for 1 %).
 *
 * @typedef {{ readonly text: string, readonly bound: number, readonly isInclusive: boolean } & (
 *   | { readonly kind: "time", readonly part: number, readonly code: string, readonly phase: string }
 *   | { readonly kind: "failures" | "missed" }
 * )} SearchLimit
 */

/**
 * What a search looks for.
 *
 * @typedef {object} SearchTerms
 * @property {readonly SearchLimit[]} limits
 * @property {number} stepMs how long a rate is held, at least. Milliseconds
 */

export const SEARCH_WANTED =
  "limits with commas between them: p<0-100>(<code>.<phase>)<<time>, max(<code>.<phase>)<<time>, failures<<n>%, missed<<n>%, with < or <=, " +
  'and step=<time>; such as "p95(FX.finished)<10s" or "p99(PY.receipt)<=2s, missed<5%, step=1m"';

/** Where nothing else is said: a load that fails anything, or leaves out one start in a hundred, did not hold. */
const DEFAULT_LIMITS = ["failures<=0%", "missed<1%"];

const DEFAULT_STEP_MS = 20_000;

/**
 * What a search looks for, out of `p95(FX.finished)<10s, missed<5%, step=1m`.
 *
 * @param {string} text
 * @returns {SearchTerms | { readonly mistake: string }}
 */
export function parseSearch(text) {
  let stepMs = DEFAULT_STEP_MS;
  /** @type {SearchLimit[]} */
  const limits = [];
  for (const item of text.split(",").map((part) => part.replaceAll(/\s+/g, ""))) {
    const [, step] = /^step=(.+)$/.exec(item) ?? [];
    const limit = step === undefined ? parseLimit(item) : undefined;
    const ms = timeOf(step ?? "");
    if (limit === undefined && ms === undefined) return { mistake: `wants ${SEARCH_WANTED}; not '${item}'` };
    if (limit !== undefined) limits.push(limit);
    if (ms !== undefined) stepMs = ms;
  }
  if (limits.length === 0) return { mistake: `names no limit: it wants ${SEARCH_WANTED}` };
  const given = new Set(limits.map(({ kind }) => kind));
  const defaults = DEFAULT_LIMITS.flatMap((one) => parseLimit(one) ?? []).filter(
    ({ kind }) => !given.has(kind),
  );
  return { limits: [...limits, ...defaults], stepMs };
}

/**
 * @param {string} text
 * @returns {SearchLimit | undefined} undefined where it is none
 */
export function parseLimit(text) {
  const [, what = "", sign, value = ""] = /^([^<=]+)(<=?)([^<=]+)$/.exec(text) ?? [];
  const isInclusive = sign === "<=";
  if (what === "failures" || what === "missed") {
    const [, percent] = /^(\d+(?:\.\d+)?)%$/.exec(value) ?? [];
    const bound = Number(percent) / 100;
    // Nothing is below none.
    return bound <= 1 && (bound > 0 || isInclusive) ? { kind: what, text, bound, isInclusive } : undefined;
  }
  const [, rank, percent, code, phase] = /^(max|p(\d+(?:\.\d+)?))\(([A-Z]{2})\.([a-z]+)\)$/.exec(what) ?? [];
  const part = rank === "max" ? 1 : Number(percent) / 100;
  const bound = timeOf(value);
  if (code === undefined || phase === undefined || bound === undefined) return undefined;
  return part > 0 && part <= 1 ? { kind: "time", text, bound, isInclusive, part, code, phase } : undefined;
}

/** @param {string} text @returns {number | undefined} milliseconds above 0 */
function timeOf(text) {
  const ms = parseDuration(text) ?? 0;
  return ms > 0 && Number.isFinite(ms) ? ms : undefined;
}
