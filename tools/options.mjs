// The options of the project's commands, in one table: parsing, hints, --help and types derive from it.
// Plain JavaScript, because the wrapper around vitest reads it before any TypeScript can run.
import { MOST_CHILDREN } from "../fixtures/purse/most-children.mjs";
import {
  filePath,
  gateLimits,
  loadDuration,
  loadRate,
  noValue,
  PINS,
  pins,
  searchLimits,
  shardOf,
  targetName,
  time,
  wholeNumber,
} from "./option-values.mjs";

/** @import { StressOptions } from "../fixtures/run/options.ts" */

/** The environment variable that carries the options from the wrapper to vitest's main process. */
export const OPTIONS_VARIABLE = "ROLLUP_STRESS_OPTIONS";

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
const given = (help) =>
  /** @satisfies {Option} */ ({
    argument: "",
    help,
    parse: noValue,
    alone: { value: true, follows: /^(?!)/ },
  });

/** The option that every command of its own has. */
export const HELP = given("this text");

/** Options of a run, among vitest's own. */
const stress = /** @satisfies {Record<keyof StressOptions, Option>} */ ({
  target: {
    argument: "<name>",
    help: "pair of chains to stress: a file of targets/ (default: local)",
    parse: targetName,
  },
  baseline: {
    argument: "<file or folder>",
    help: "results of earlier runs, which each run is compared with",
    parse: filePath,
  },
  children: {
    argument: "<n>",
    help: "child accounts of each scenario (default: the scenario's)",
    parse: wholeNumber(1, MOST_CHILDREN),
  },
  duration: {
    argument: "<90s|10m|2h|forever>",
    help: "how long each scenario runs (default: the scenario's)",
    parse: loadDuration,
  },
  faults: {
    argument: "<file>",
    help: "faults that the local stack injects while the children are driven",
    parse: filePath,
  },
  fork: {
    argument: "[=<L1 block>,<L2 block>]",
    help: "run on a fork of the target at these blocks (default: the newest)",
    parse: pins,
    alone: { value: "newest", follows: PINS },
  },
  gate: {
    argument: "<limits>",
    help: 'what each run has to hold, such as "p95(FX.finished)<20s, failures<=1%, throughput>=50/s"',
    parse: gateLimits,
  },
  "own-stack": given("start a local stack of its own, even where one is running already"),
  "no-worse": given("fail where a figure is worse than the baseline's"),
  ops: { argument: "<n>", help: "end each scenario after n operations", parse: wholeNumber(1) },
  rate: {
    argument: "<200/s>",
    help: "operations that start, /s, /m or /h, however long others take",
    parse: loadRate,
  },
  search: {
    argument: "<limits>",
    help: 'raise the rate for the highest that holds, such as "p95(FX.finished)<10s"',
    parse: searchLimits,
  },
  seed: {
    argument: "<n>",
    help: "seed of accounts and choices (default: drawn, and printed)",
    parse: wholeNumber(0),
  },
  shard: {
    argument: "<1/4>",
    help: "this part of the children, with a funder of its own: one process of several, on one machine or many",
    parse: shardOf,
  },
});

const recover = /** @satisfies {Record<string, Option>} */ ({
  target: { argument: "<name>", help: "a file of targets/ (default: local)", parse: targetName },
  wait: {
    argument: "<time>",
    help: "how long to wait for crossings in flight (default: 2m)",
    parse: time({ wanted: "a time such as 30s or 10m", least: 0, most: Number.POSITIVE_INFINITY }),
  },
  seed: {
    argument: "<n>",
    help: "also the accounts of a run with this seed and funder that logs/ does not know,",
    parse: wholeNumber(0),
    together: "children",
  },
  children: {
    argument: "<n>",
    help: "and how many children it had",
    parse: wholeNumber(1, MOST_CHILDREN),
  },
  shard: { argument: "<1/4>", help: "what a shard left, and its funder's own", parse: shardOf },
  help: HELP,
});

const report = /** @satisfies {Record<string, Option>} */ ({
  run: {
    argument: "<n>",
    help: "which run of the log, from 1 up (default: the last)",
    parse: wholeNumber(1),
  },
  out: {
    argument: "<folder>",
    help: "where to (default: <log>-report beside the log; a result's own folder)",
    parse: filePath,
  },
  help: HELP,
});

/** Commands whose options do not depend on a protocol; those of the local stack are in `local-stack-options.ts`. */
export const VERBS = /** @satisfies {Record<string, Verb>} */ ({
  stress: {
    name: "stress",
    usage: "rollup-stress: options in front of vitest's own\n\nStress options:",
    options: stress,
  },
  targets: {
    name: "targets",
    usage: "npm run targets [-- --check]: what targets there are, and what keeps each from being run on",
    options: { check: given("ask their endpoints, too: chain ids, contracts, the funder"), help: HELP },
  },
  recover: {
    name: "recover",
    usage: "npm run recover -- --target <name> [--wait <time>] [--seed <n> --children <n>]",
    options: recover,
  },
  report: {
    name: "report",
    usage: "npm run report -- <op.log, or a run's folder> [--run <n>] [--out <folder>]",
    options: report,
    words: 1,
  },
  compare: {
    name: "compare",
    usage: `npm run compare -- <before> <now> [--fail]

  Each is a result.json, a run's folder, or a folder of such folders: of <before> all runs of the
  same scenario count, of <now> the newest.
`,
    options: { fail: given("exit code 1 where anything is worse"), help: HELP },
    words: 2,
  },
  merge: {
    name: "merge",
    usage: `npm run merge -- <folder of shard 1> <folder of shard 2> … [--to <folder>]

  Each folder has the op.log and watcher-L1.log of one shard (ROLLUP_STRESS_LOGS of its process).
`,
    options: {
      to: {
        argument: "<folder>",
        help: "where the merged op.log goes (default: merged)",
        parse: filePath,
      },
      help: HELP,
    },
    words: Number.POSITIVE_INFINITY,
  },
  new: {
    name: "new",
    usage: `npm run new -- scenario <name>
npm run new -- operation <CODE> <name> [--protocol <name>]
npm run new -- target <name> [--protocol <name>]

  A name is of small letters, digits and hyphens; a code is two capital letters that no operation has.
`,
    options: {
      protocol: {
        argument: "<name>",
        help: "ovm2, where an operation names none, or op-stack, where a target does",
        parse: (/** @type {string} */ text) => text,
      },
      help: HELP,
    },
    words: 3,
  },
  schema: {
    name: "schema",
    usage: "npm run schema: writes targets/schema.json and stress/report/result/schema.json anew",
    options: { help: HELP },
  },
  "known-chains": {
    name: "known-chains",
    usage: "npm run known-chains: writes down anew which contracts viem/chains has of OP Stack chains",
    options: { help: HELP },
  },
});

/**
 * What was given of a command's options, by name.
 *
 * @template {Verb} V
 * @typedef {{
 *   readonly [N in keyof V["options"]]?: V["options"][N] extends { parse: (...given: never[]) => infer T } ? T : never
 * }} Values
 */
