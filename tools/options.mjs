// The options of the project's commands, in one table: parsing, hints, --help and types derive from it.
// Plain JavaScript, because the wrapper around vitest reads it before any TypeScript can run.
import { MOST_CHILDREN } from "../fixtures/purse/most-children.mjs";
import { MOST_IN_FLIGHT } from "../fixtures/run/most-in-flight.mjs";
import { COMMANDS } from "./commands.mjs";
import { given } from "./option-table.mjs";
import {
  filePath,
  gateLimits,
  loadDuration,
  loadRate,
  PINS,
  pins,
  searchLimits,
  servedAt,
  shardOf,
  targetName,
  wholeNumber,
} from "./option-values.mjs";

/** @import { StressOptions } from "../fixtures/run/options.ts" */
/** @import { Option, Verb } from "./option-table.mjs" */

/** The environment variable that carries the options from the wrapper to vitest's main process. */
export const OPTIONS_VARIABLE = "ROLLUP_STRESS_OPTIONS";

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
  "in-flight": {
    argument: "<n>",
    help: "payments of each child that are under way at once (default 1)",
    parse: wholeNumber(1, MOST_IN_FLIGHT),
  },
  metrics: {
    argument: "<[host:]port>",
    help: "serve Prometheus metrics while scenarios run, such as 9464 (0: any free port)",
    parse: servedAt,
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

/** All commands but the local stack's. */
export const VERBS = /** @satisfies {Record<string, Verb>} */ ({
  stress: {
    name: "stress",
    usage: "rollup-stress: options in front of vitest's own\n\nStress options:",
    options: stress,
  },
  ...COMMANDS,
});

/**
 * What was given of a command's options, by name.
 *
 * @template {Verb} V
 * @typedef {{
 *   readonly [N in keyof V["options"]]?: V["options"][N] extends { parse: (...given: never[]) => infer T } ? T : never
 * }} Values
 */
