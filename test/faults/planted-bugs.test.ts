import { execFile } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { BUGS } from "../simulation/bugs.ts";
import { SEEDS } from "../simulation/seeds.ts";

const MAIN = join(import.meta.dirname, "..", "simulation", "main.ts");

/** Runs the simulation's command. Returns what it prints, and with what it ends. */
const simulated = (args: readonly string[]): Promise<{ readonly printed: string; readonly code: unknown }> =>
  new Promise((resolve) => {
    execFile(process.execPath, [MAIN, ...args], (error, stdout, stderr) =>
      resolve({ printed: stdout + stderr, code: error === null ? 0 : error.code }),
    );
  });

// That the same seeds are clean without a bug is what `test/simulation/simulation.test.ts` shows.
test.each(Object.keys(BUGS))("%s is found within the seeds of every test run", async (bug) => {
  const { printed, code } = await simulated(["--bug", bug, "--seeds", String(SEEDS)]);
  expect(printed).toMatch(/^seed \d+: /m);
  expect(printed).toMatch(new RegExp(`^${SEEDS} worlds in \\d+ s; in [1-9]\\d* something`, "m"));
  expect(code).toBe(1);
});

test("a seed that finds one is shrunk, and run again by what is printed", async () => {
  const { printed } = await simulated(
    "--bug settle-twice --seed 11 --only reorganisations,jitter,latency --shrink".split(" "),
  );
  const [, words = ""] = /npm run test:simulate -- (.*)$/m.exec(printed) ?? [];
  // That it takes a reorganisation is what it is about; how much of the rest is left out depends on what else the engine does.
  expect(words).toMatch(/^--seed 11 --only reorganisations.* --load \d+ --bug settle-twice$/);
  const again = await simulated(words.split(" "));
  expect([again.code, /^WRONG books: /m.test(again.printed)]).toEqual([1, true]);
});
