// What a table of options consists of. Plain JavaScript, because the wrapper around vitest reads it before any TypeScript can run.
import { noValue } from "./option-values.mjs";

/**
 * One option.
 *
 * @typedef {object} Option
 * @property {string} argument how its value is written in `--help`; in brackets where it may be left out, "" where it has none
 * @property {string} help
 * @property {(text: string, option: string) => unknown} parse the value of a text; throws an OptionError where it does not fit
 * @property {{ value: unknown, follows: RegExp }} [alone] the value where none is written. A word that follows is the
 *   option's own only where it looks like `follows`
 * @property {string} [together] the option that goes with it: either both are given or none
 */

/**
 * A command.
 *
 * @typedef {object} Verb
 * @property {string} name what its messages begin with
 * @property {string} usage what stands before the options in `--help`
 * @property {Readonly<Record<string, Option>>} options by name
 * @property {number} [words] how many words it takes beside them: none, where nothing is said
 */

/**
 * An option without a value.
 *
 * @param {string} help
 */
export const given = (help) =>
  /** @satisfies {Option} */ ({
    argument: "",
    help,
    parse: noValue,
    alone: { value: true, follows: /^(?!)/ },
  });

/** The option that every command of its own has. */
export const HELP = given("this text");
