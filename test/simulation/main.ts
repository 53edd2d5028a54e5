// `npm run test:simulate -- --seeds 1000 [--from 0]`: runs the engine in as many simulated worlds, on all cores. A seed in whose world
// something is not as it must be is told with what is wrong; `--seed 17` runs that one alone and prints its journal.
import { fork } from "node:child_process";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { mistakes } from "./oracle.ts";
import { simulate } from "./simulate.ts";

/** What one world came to, as a worker tells it. */
interface Verdict {
  readonly seed: number;
  readonly mistakes: readonly string[];
}

async function verdictOf(seed: number): Promise<Verdict> {
  try {
    return { seed, mistakes: mistakes(await simulate(seed)) };
  } catch (error) {
    return { seed, mistakes: [error instanceof Error ? (error.stack ?? error.message) : String(error)] };
  }
}

/** Prints all there is to know of one world. */
async function show(seed: number): Promise<number> {
  const simulated = await simulate(seed);
  console.log(JSON.stringify(simulated.weather, null, 2));
  for (const line of [...simulated.printed, simulated.opLog]) console.log(line);
  const found = mistakes(simulated);
  for (const line of found) console.log(`WRONG ${line}`);
  return found.length === 0 ? 0 : 1;
}

/** Spreads seeds over all cores, each worker asking for the next one when it is done with its last. */
async function spread(from: number, seeds: number): Promise<number> {
  const began = performance.now();
  const workers = Math.min(availableParallelism(), seeds);
  let next = from;
  let bad = 0;
  await Promise.all(
    Array.from({ length: workers }, async () => {
      const worker = fork(import.meta.filename, ["--worker"], {
        stdio: ["ignore", "inherit", "inherit", "ipc"],
      });
      const exited = new Promise<void>((resolve) => worker.once("exit", () => resolve()));
      const give = (): void => {
        if (next < from + seeds) worker.send({ seed: next++ });
        else worker.disconnect();
      };
      worker.on("message", ({ seed, mistakes: found }: Verdict) => {
        if (found.length > 0) bad++;
        for (const line of found) console.log(`seed ${seed}: ${line}`);
        give();
      });
      give();
      await exited;
    }),
  );
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  console.log(`${seeds} worlds in ${seconds} s; in ${bad} something was not as it must be`);
  return bad === 0 ? 0 : 1;
}

const number = { type: "string" } as const;
const { values } = parseArgs({
  options: { seeds: number, from: number, seed: number, worker: { type: "boolean" } },
});
if (values.worker === true) {
  process.on("message", ({ seed }: { seed: number }) => {
    void verdictOf(seed).then((verdict) => process.send?.(verdict));
  });
} else if (values.seed !== undefined) process.exitCode = await show(Number(values.seed));
else process.exitCode = await spread(Number(values.from ?? 0), Number(values.seeds ?? 100));
