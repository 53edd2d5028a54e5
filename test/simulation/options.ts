import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { BUGS } from "./bugs.ts";
import { BadSelection, parseOnly, parseProtocol, type Selection } from "./selection.ts";

/** What `npm run test:simulate` is asked for. */
export interface Options {
  /** One world alone; its seed is the first of several where `isOne` is not set. */
  readonly selection: Selection;
  readonly isOne: boolean;
  readonly seeds: number;
  readonly workers: number;
  readonly bug: string | undefined;
  readonly shrink: boolean;
  /** Whether the first world in which something is wrong is enough. */
  readonly first: boolean;
  /** Whether nothing is asked for but what can be. */
  readonly help: boolean;
}

export const USAGE = `npm run test:simulate -- [--seeds 100] [--from 0] [--protocol ovm2|op-stack] [--in-flight <n>] [--bug <name>] [--first] [--shrink] [--workers <n>]
npm run test:simulate -- --seed 17 [--protocol ovm2|op-stack] [--only lostAnswers:3+17,jitter] [--children 2] [--in-flight <n>] [--load <seconds>] [--bug <name>] [--shrink]`;

const word = { type: "string" } as const;
const OPTIONS = {
  seeds: word,
  from: word,
  seed: word,
  protocol: word,
  only: word,
  children: word,
  "in-flight": word,
  load: word,
  bug: word,
  workers: word,
  shrink: { type: "boolean" },
  first: { type: "boolean" },
  help: { type: "boolean" },
} as const;

/** Most seeds of one command, and the largest of all. */
const MOST_SEEDS = 1_000_000;
const LAST_SEED = 2 ** 32 - 1;

/** @throws {BadSelection} */
export function readOptions(argv: readonly string[]): Options {
  const { values } = parsed(argv);
  const {
    protocol,
    only,
    children,
    "in-flight": inFlight,
    load,
    bug,
    shrink = false,
    first = false,
    help = false,
  } = values;
  if (bug !== undefined && !Object.hasOwn(BUGS, bug))
    throw new BadSelection(`there is no bug "${bug}": there are ${Object.keys(BUGS).join(", ")}`);
  const isOne = values.seed !== undefined;
  const seed = isOne
    ? whole("seed", values.seed, 0, LAST_SEED)
    : whole("from", values.from ?? "0", 0, LAST_SEED);
  return {
    selection: {
      seed,
      ...(protocol === undefined ? {} : { protocol: parseProtocol(protocol) }),
      ...(only === undefined ? {} : { only: parseOnly(only) }),
      ...(children === undefined ? {} : { children: whole("children", children, 1, 100) }),
      ...(inFlight === undefined ? {} : { inFlight: whole("in-flight", inFlight, 1, 8) }),
      ...(load === undefined ? {} : { load: whole("load", load, 1, 3600) }),
    },
    isOne,
    seeds: whole("seeds", values.seeds ?? "100", 1, MOST_SEEDS),
    workers: whole("workers", values.workers ?? String(availableParallelism()), 1, 256),
    bug,
    shrink,
    first,
    help,
  };
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS });
  } catch (error) {
    throw new BadSelection(error instanceof Error ? error.message : String(error));
  }
}

function whole(name: string, text: string | undefined, least: number, most: number): number {
  const number = /^\d+$/.test(text ?? "") ? Number(text) : Number.NaN;
  if (!(number >= least && number <= most))
    throw new BadSelection(`--${name} takes a whole number from ${least} to ${most}, not "${text}"`);
  return number;
}
