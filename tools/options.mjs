// The options this project adds to vitest's own. One table: parsing, --help and types derive from it.
// Plain JavaScript, because the wrapper reads it before any TypeScript can run.
import { resolve } from "node:path";
import { closest, distance } from "fastest-levenshtein";
import { parseDuration } from "../stress/engine/base/duration.mjs";

/** An option that cannot be understood: the message says what is wrong and what would be right. */
export class OptionError extends Error {}

/** @typedef {import("../fixtures/run/options.ts").StressOptions} StressOptions */

/** The environment variable that carries the options from the wrapper to vitest's main process. */
export const OPTIONS_VARIABLE = "ROLLUP_STRESS_OPTIONS";

/** @param {number} least */
const integer = (least) => (/** @type {string} */ text, /** @type {string} */ name) => {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new OptionError(`${name} wants a whole number from ${least} up, not '${text}'`);
};

/** @param {string} text @param {string} name */
function duration(text, name) {
  const ms = parseDuration(text);
  // The text itself: JSON, by which it travels, has no Infinity.
  if (ms !== undefined && ms > 0) return text;
  throw new OptionError(`${name} wants a time such as 90s, 10m, 2h or forever, not '${text}'`);
}

/** @param {string} text @param {string} name */
function targetName(text, name) {
  if (/^[\w.-]+$/.test(text) && !text.startsWith(".")) return text.replace(/\.json$/, "");
  throw new OptionError(`${name} wants the name of a file in targets/, not '${text}'`);
}

/** @param {string} text */
const faultFile = (text) => resolve(text);

/** Where `--fork` stands alone: the newest blocks. */
const NEWEST = "newest";

const PINS = /^\d{1,15},\d{1,15}$/;

/** @param {string} text @param {string} name */
function pins(text, name) {
  if (PINS.test(text)) return text;
  throw new OptionError(
    `${name} wants a block of L1 and one of L2 such as ${name}=7000000,120000, not '${text}'`,
  );
}

/**
 * An option with `alone` may stand without a value, which it then has; a word that follows is its value only where it
 * looks like one.
 *
 * @type {Record<string, { argument: string, help: string, parse: (text: string, name: string) => string | number, alone?: { value: string, follows: RegExp } }>}
 */
export const OPTIONS = {
  target: {
    argument: "<name>",
    help: "pair of chains to stress: a file of targets/ (default: local)",
    parse: targetName,
  },
  children: {
    argument: "<n>",
    help: "child accounts of each scenario (default: the scenario's)",
    parse: integer(1),
  },
  duration: {
    argument: "<90s|10m|2h|forever>",
    help: "how long each scenario runs (default: the scenario's)",
    parse: duration,
  },
  faults: {
    argument: "<file>",
    help: "faults that the local stack injects while the children are driven",
    parse: faultFile,
  },
  fork: {
    argument: "[=<L1 block>,<L2 block>]",
    help: "run on a fork of the target at these blocks (default: the newest)",
    parse: pins,
    alone: { value: NEWEST, follows: PINS },
  },
  ops: { argument: "<n>", help: "end each scenario after n operations", parse: integer(1) },
  seed: {
    argument: "<n>",
    help: "seed of accounts and choices (default: drawn, and printed)",
    parse: integer(0),
  },
};

/**
 * Our option that an unknown `--name` must have meant, if any.
 *
 * @param {string} name
 */
export function nearestOption(name) {
  const nearest = closest(name, Object.keys(OPTIONS));
  return nearest.startsWith(name) || distance(name, nearest) <= 2 ? nearest : undefined;
}

/**
 * Takes our options out of `argv` (`--x v` or `--x=v`), and leaves the rest for vitest in its order.
 *
 * @param {readonly string[]} argv
 * @returns {{ own: Partial<StressOptions>, rest: string[] }}
 * @throws {OptionError} for a value that does not fit, or an option given twice
 */
export function takeOptions(argv) {
  /** @type {Record<string, string | number>} */
  const own = {};
  /** @type {string[]} */
  const rest = [];
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] ?? "";
    if (word === "--") {
      rest.push(...argv.slice(at));
      break;
    }
    const [, name = "", given] = /^--([A-Za-z][\w-]*)(?:=([^]*))?$/.exec(word) ?? [];
    const option = Object.hasOwn(OPTIONS, name) ? OPTIONS[name] : undefined;
    if (option === undefined) {
      rest.push(word);
      continue;
    }
    if (Object.hasOwn(own, name)) throw new OptionError(`--${name} is given twice`);
    const next = argv[at + 1];
    if (option.alone !== undefined && given === undefined && !option.alone.follows.test(next ?? "")) {
      own[name] = option.alone.value;
      continue;
    }
    const value = given ?? argv[++at];
    if (value === undefined || value === "" || (given === undefined && value.startsWith("--"))) {
      throw new OptionError(`--${name} wants a value: ${usage(name, option.argument)}`);
    }
    own[name] = option.parse(value, `--${name}`);
  }
  return { own, rest };
}

/** @param {string} name @param {string} argument */
const usage = (name, argument) => `--${name}${argument.startsWith("[") ? "" : " "}${argument}`;

/** The block that `--help` prints before vitest's own. */
export function help() {
  const rows = Object.entries(OPTIONS).map(
    ([name, { argument, help: text }]) => `  ${usage(name, argument).padEnd(36)}${text}`,
  );
  return ["rollup-stress: options in front of vitest's own", "", "Stress options:", ...rows, ""].join("\n");
}
