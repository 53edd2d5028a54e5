// The commands of the project's own beside vitest, with their options.
import { MOST_CHILDREN } from "../fixtures/purse/most-children.mjs";
import { given, HELP } from "./option-table.mjs";
import { filePath, shardOf, targetName, time, wholeNumber } from "./option-values.mjs";

/** @import { Option, Verb } from "./option-table.mjs" */

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

/** By what their messages begin with; the local stack's is in `local-stack-options.ts`, as its options depend on a protocol. */
export const COMMANDS = /** @satisfies {Record<string, Verb>} */ ({
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
        help: "ovm2 or op-stack (default: ovm2 of an operation, op-stack of a target)",
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
