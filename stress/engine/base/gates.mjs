// Plain JavaScript, because the wrapper around vitest reads it before any TypeScript can run.
import { parseRate } from "./rate.mjs";
import { parseLimit } from "./search-limits.mjs";

/** @import { SearchLimit } from "./search-limits.mjs" */

/**
 * What a run has to hold, as it was written and as it is checked: a limit, or operations that succeed a second under load (`bound`).
 *
 * @typedef {SearchLimit | { readonly kind: "throughput", readonly text: string, readonly bound: number }} Gate
 */

export const GATES_WANTED =
  "limits with commas between them: p<0-100>(<code>.<phase>)<<time>, max(<code>.<phase>)<<time>, failures<<n>%, missed<<n>%, with < or <=, " +
  'and throughput>=<n>/s; such as "p95(FX.finished)<20s, failures<=1%, throughput>=50/s"';

/**
 * What a run has to hold, out of `p95(FX.finished)<20s, throughput>=50/s`.
 *
 * @param {string} text
 * @returns {{ readonly gates: readonly Gate[] } | { readonly mistake: string }}
 */
export function parseGates(text) {
  /** @type {Gate[]} */
  const gates = [];
  for (const item of text.split(",").map((part) => part.replaceAll(/\s+/g, ""))) {
    const gate = parseLimit(item) ?? throughputOf(item);
    if (gate === undefined) return { mistake: `wants ${GATES_WANTED}; not '${item}'` };
    gates.push(gate);
  }
  return { gates };
}

/** @param {string} text @returns {Gate | undefined} */
function throughputOf(text) {
  const [, rate = ""] = /^throughput>=(.+)$/.exec(text) ?? [];
  const bound = parseRate(rate);
  return bound === undefined ? undefined : { kind: "throughput", text, bound };
}
