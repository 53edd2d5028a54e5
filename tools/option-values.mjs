// How an option's text becomes its value: each refuses what does not fit, and says what would.
import { resolve } from "node:path";
import { parseDuration } from "../stress/engine/base/duration.mjs";
import { parseGates } from "../stress/engine/base/gates.mjs";
import { parseSearch } from "../stress/engine/base/search-limits.mjs";
import { parseRate } from "../stress/engine/base/rate.mjs";
import { listenAddress } from "./listen-address.mjs";

/** An option that cannot be understood: the message says what is wrong and what would be right. */
export class OptionError extends Error {
  /** @override @readonly */
  name = "OptionError";
}

/**
 * A whole number.
 *
 * @param {number} least
 * @param {number} [most] where there is a limit
 */
export const wholeNumber =
  (least, most = Number.POSITIVE_INFINITY) =>
  (/** @type {string} */ text, /** @type {string} */ option) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value > most) throw new OptionError(`${option} wants ${most} at most, not '${text}'`);
    if (Number.isSafeInteger(value) && value >= least) return value;
    throw new OptionError(`${option} wants a whole number from ${least} up, not '${text}'`);
  };

/** More shards than these have other limits than those of one machine. */
const MOST_SHARDS = 1000;

/**
 * A part of a run, and how many there are.
 *
 * @param {string} text
 * @param {string} option
 */
export function shardOf(text, option) {
  const [, part = "", of = ""] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  const shard = { part: Number(part), of: Number(of) };
  if (shard.part >= 1 && shard.part <= shard.of && shard.of <= MOST_SHARDS) return shard;
  throw new OptionError(`${option} wants a part and how many there are, such as 1/3, not '${text}'`);
}

/**
 * A time, in milliseconds.
 *
 * @param {{ wanted: string, least: number, most: number }} limits wanted: what is allowed, in words
 */
export const time =
  ({ wanted, least, most }) =>
  (/** @type {string} */ text, /** @type {string} */ option) => {
    const ms = parseDuration(text);
    if (ms !== undefined && ms >= least && ms <= most) return ms;
    throw new OptionError(`${option} wants ${wanted}, not '${text}'`);
  };

const loadTime = time({
  wanted: "a time such as 90s, 10m, 2h or forever",
  least: Number.MIN_VALUE,
  most: Number.POSITIVE_INFINITY,
});

/**
 * How long children are driven. The text itself: JSON, by which it travels, has no Infinity.
 *
 * @param {string} text
 * @param {string} option
 */
export function loadDuration(text, option) {
  loadTime(text, option);
  return text;
}

/**
 * How many operations start in a time. The text itself, as a spec has it.
 *
 * @param {string} text
 * @param {string} option
 */
export function loadRate(text, option) {
  if (parseRate(text) !== undefined) return text;
  throw new OptionError(`${option} wants a rate above 0 such as 200/s, 30/m or 1000/h, not '${text}'`);
}

/**
 * What a load has to hold whose highest rate is looked for. The text itself, as a spec has it.
 *
 * @param {string} text
 * @param {string} option
 */
export function searchLimits(text, option) {
  const terms = parseSearch(text);
  if ("mistake" in terms) throw new OptionError(`${option} ${terms.mistake}`);
  return text;
}

/**
 * What each run has to hold. The text itself.
 *
 * @param {string} text
 * @param {string} option
 */
export function gateLimits(text, option) {
  const parsed = parseGates(text);
  if ("mistake" in parsed) throw new OptionError(`${option} ${parsed.mistake}`);
  return text;
}

/**
 * The name of a file in targets/, which may be given with its ending.
 *
 * @param {string} text
 * @param {string} option
 */
export function targetName(text, option) {
  if (/^[\w.-]+$/.test(text) && !text.startsWith(".")) return text.replace(/\.json$/, "");
  throw new OptionError(`${option} wants the name of a file in targets/, not '${text}'`);
}

/**
 * Where something is served.
 *
 * @param {string} text
 * @param {string} option
 */
export function servedAt(text, option) {
  const address = listenAddress(text);
  if (address !== undefined) return address;
  throw new OptionError(
    `${option} wants a port such as 9464, or a host and a port such as 0.0.0.0:9464, not '${text}'`,
  );
}

/**
 * A file's absolute path.
 *
 * @param {string} text
 */
export const filePath = (text) => resolve(text);

/** What a block of each chain looks like. */
export const PINS = /^\d{1,15},\d{1,15}$/;

/**
 * A block of L1 and one of L2.
 *
 * @param {string} text
 * @param {string} option
 */
export function pins(text, option) {
  if (PINS.test(text)) return text;
  throw new OptionError(
    `${option} wants a block of L1 and one of L2 such as ${option}=7000000,120000, not '${text}'`,
  );
}

/**
 * Nothing: what it is called for is already too much.
 *
 * @param {string} text
 * @param {string} option
 * @returns {true}
 */
export function noValue(text, option) {
  throw new OptionError(`${option} wants no value, not '${text}'`);
}
