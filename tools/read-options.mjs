// Reads a command line by the table of options. Plain JavaScript, as the table is.
import { closest, distance } from "fastest-levenshtein";
import { OptionError } from "./option-values.mjs";
import { VERBS } from "./options.mjs";

/** @import { StressOptions } from "../fixtures/run/options.ts" */
/** @import { Option, Verb } from "./option-table.mjs" */
/** @import { Values } from "./options.mjs" */

/** @param {Verb} verb */
const optionsOf = (verb) => verb.options;

/**
 * Takes the stress options out of `argv` (`--x v` or `--x=v`), and leaves the rest for vitest in its order.
 *
 * @param {readonly string[]} argv
 * @returns {{ own: Partial<StressOptions>, rest: string[] }}
 * @throws {OptionError} for a value that does not fit, or an option given twice
 */
export const takeOptions = (argv) => take(VERBS.stress, argv);

/**
 * The options of a command.
 *
 * @template {Verb} V
 * @param {V} verb
 * @param {readonly string[]} argv
 * @returns {Values<V>}
 * @throws {OptionError} for anything that is no option of it, a value that does not fit, or an option given twice
 */
export function readOptions(verb, argv) {
  const { own, rest } = take(verb, argv);
  const word = rest.find((one, at) => one.startsWith("-") || at >= (verb.words ?? 0));
  if (word !== undefined) throw new OptionError(refusal(verb, word));
  for (const [name, { together }] of Object.entries(optionsOf(verb))) {
    if (together !== undefined && Object.hasOwn(own, name) !== Object.hasOwn(own, together))
      throw new OptionError(`--${name} and --${together} belong together`);
  }
  return own;
}

/**
 * The words of a command line that are no options: what a command with `words` is about.
 *
 * @param {Verb} verb
 * @param {readonly string[]} argv
 */
export const wordsOf = (verb, argv) => take(verb, argv).rest;

/**
 * The options that this process was started with. Ends it after `--help`, and with exit code 2 where they cannot be
 * understood.
 *
 * @template {Verb} V
 * @param {V} verb
 * @returns {Values<V>}
 */
export function ownOptions(verb) {
  try {
    const own = readOptions(verb, process.argv.slice(2));
    if (!Object.hasOwn(own, "help")) return own;
    console.log(help(verb));
    process.exit(0);
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    return refuse(verb, error.message);
  }
}

/**
 * Ends this process with exit code 2, and with what the command takes.
 *
 * @param {Verb} verb
 * @param {string} message what was wrong
 * @returns {never}
 */
export function refuse(verb, message) {
  console.error(`${verb.name}: ${message}\n${help(verb)}`);
  process.exit(2);
}

/**
 * A command's option that an unknown `--name` must have meant, if any.
 *
 * @param {Verb} verb
 * @param {string} name
 * @returns {string | undefined}
 */
export function nearestOption(verb, name) {
  const names = Object.keys(optionsOf(verb));
  const begun = names.filter((known) => known.startsWith(name));
  if (begun.length > 0) return closest(name, begun);
  const nearest = closest(name, names);
  return distance(name, nearest) <= 2 ? nearest : undefined;
}

/**
 * What a command's `--help` prints of its options.
 *
 * @param {Verb} verb
 */
export function help(verb) {
  const rows = Object.entries(optionsOf(verb)).map(([name, option]) => [written(name, option), option.help]);
  const width = Math.max(...rows.map(([left = ""]) => left.length)) + GAP;
  return [verb.usage, ...rows.map(([left = "", text]) => `  ${left.padEnd(width)}${text}`)].join("\n");
}

/** Blanks between an option and its help. */
const GAP = 3;

/** @param {string} name @param {Option} option */
const written = (name, { argument }) =>
  `--${name}${argument === "" || argument.startsWith("[") ? "" : " "}${argument}`;

/** @param {Verb} verb @param {string} word */
function refusal(verb, word) {
  const [option, name] = /^--?(\w[\w-]*)/.exec(word) ?? [];
  if (option === undefined || name === undefined) return `unexpected argument '${word}'`;
  const nearest = nearestOption(verb, name);
  return `unknown option ${option}${nearest === undefined ? "" : `; did you mean --${nearest}?`}`;
}

/**
 * Takes a command's options out of `argv`, up to a `--`.
 *
 * @template {Verb} V
 * @param {V} verb
 * @param {readonly string[]} argv
 * @returns {{ own: Values<V>, rest: string[] }}
 */
function take(verb, argv) {
  const options = optionsOf(verb);
  /** @type {Record<string, unknown>} */
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
    const option = Object.hasOwn(options, name) ? options[name] : undefined;
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
      throw new OptionError(`--${name} wants a value: ${written(name, option)}`);
    }
    own[name] = option.parse(value, `--${name}`);
  }
  return { own: /** @type {Values<V>} */ (own), rest };
}
