// `npm run test:simulate -- --seeds 1000 [--from 0]`: runs the engine in as many simulated worlds, on all cores, those of both
// protocols by turns (`--protocol op-stack`: of one alone). A seed in whose world
// something is not as it must be is told with what is wrong; `--seed 17` runs that one alone and prints its journal, and
// `--shrink` takes out of it what it is wrong without. `--bug` plants one of `bugs.ts` before, `--first` ends with
// the first that is wrong.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { Judges, planting } from "./judges.ts";
import { type Options, readOptions, USAGE } from "./options.ts";
import { BadSelection, type Selection, wordsOf } from "./selection.ts";
import { shrink } from "./shrink.ts";

/** Failing worlds that are shrunk, of many. */
const MOST_SHRUNK = 3;

function show(selection: Selection, bug: string | undefined): number {
  const words = wordsOf(selection).replaceAll('"', "").split(" ");
  const file = join(import.meta.dirname, "print-world.ts");
  const { status } = spawnSync(process.execPath, [...planting(bug), file, ...words], { stdio: "inherit" });
  return status ?? 1;
}

/** Runs many worlds, or as many as it takes to find the first that is wrong. Returns those in which something is wrong. */
async function runAll(
  { selection, seeds, first }: Options,
  workers: number,
  judges: Judges,
): Promise<number[]> {
  const began = performance.now();
  const left = Array.from({ length: seeds }, (_, at) => selection.seed + at).values();
  const wrong: number[] = [];
  let count = 0;
  const runSome = async (): Promise<void> => {
    for (const seed of left) {
      const { mistakes } = await judges.judge({ ...selection, seed });
      count++;
      if (mistakes.length > 0) wrong.push(seed);
      for (const line of mistakes) console.log(`seed ${seed}: ${line}`);
      if (first && wrong.length > 0) return;
    }
  };
  await Promise.all(Array.from({ length: workers }, runSome));
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  console.log(`${count} worlds in ${seconds} s; in ${wrong.length} something was not as it must be`);
  return wrong.sort((a, b) => a - b);
}

/** Tells the least of a world that is wrong, and the words that run it. */
async function tellLeast(selection: Selection, judges: Judges, bug: string | undefined): Promise<void> {
  let runs = 0;
  const failing = await shrink(selection, (some) => {
    runs++;
    return judges.judge(some);
  });
  if (failing === undefined) return;
  const words = [wordsOf(failing.selection), ...(bug === undefined ? [] : [`--bug ${bug}`])].join(" ");
  console.log(`seed ${selection.seed}, shrunk in ${runs} runs: npm run test:simulate -- ${words}`);
  for (const line of failing.verdict.mistakes) console.log(`  ${line}`);
}

async function run(options: Options): Promise<number> {
  const { selection, isOne, bug, seeds } = options;
  if (options.help) {
    console.log(USAGE);
    return 0;
  }
  if (isOne && !options.shrink) return show(selection, bug);
  const workers = isOne ? 1 : Math.min(options.workers, seeds);
  const judges = new Judges(workers, bug);
  try {
    if (isOne) {
      await tellLeast(selection, judges, bug);
      return 0;
    }
    const wrong = await runAll(options, workers, judges);
    if (options.shrink)
      for (const seed of wrong.slice(0, MOST_SHRUNK)) await tellLeast({ ...selection, seed }, judges, bug);
    else if (wrong.length > 0)
      console.log(
        `wrong: ${wrong.join(" ")}; npm run test:simulate -- --seed ${wrong[0]} --shrink tells why`,
      );
    return wrong.length === 0 ? 0 : 1;
  } finally {
    judges.close();
  }
}

try {
  process.exitCode = await run(readOptions(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof BadSelection)) throw error;
  console.error(`${error.message}\n\n${USAGE}`);
  process.exitCode = 2;
}
