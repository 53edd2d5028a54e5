import { execFile } from "node:child_process";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { BUGS } from "../simulation/bugs.ts";
import { SEEDS_TO_FIND } from "../simulation/seeds.ts";

// Where the last of all seeds finds it, on a machine that has much else to do.
vi.setConfig({ testTimeout: 1_800_000 });

const MAIN = join(import.meta.dirname, "..", "simulation", "main.ts");

/** Runs the simulation's command. Returns what it prints, and with what it ends. */
const simulated = (args: readonly string[]): Promise<{ readonly printed: string; readonly code: unknown }> =>
  new Promise((resolve) => {
    execFile(process.execPath, [MAIN, ...args], (error, stdout, stderr) =>
      resolve({ printed: stdout + stderr, code: error === null ? 0 : error.code }),
    );
  });

/** The first seed that the command found something wrong with. */
const seedIn = (printed: string): string | undefined => /^seed (\d+): /m.exec(printed)?.[1];

test.each(Object.keys(BUGS))("%s is found by a seed that finds nothing without it", async (bug) => {
  const { printed, code } = await simulated([
    "--protocol",
    "ovm2",
    "--bug",
    bug,
    "--first",
    "--seeds",
    String(SEEDS_TO_FIND),
  ]);
  const seed = seedIn(printed) ?? "none";
  expect(printed).toMatch(/^\d+ worlds in \d+ s; in [1-9]\d* something/m);
  expect(code).toBe(1);
  const without = await simulated(["--protocol", "ovm2", "--from", seed, "--seeds", "1"]);
  expect(without).toEqual({ printed: expect.stringMatching(/^1 worlds in \d+ s; in 0 something/), code: 0 });
});

test("what finds one is shrunk, and run again by what is printed", async () => {
  const words = `--protocol ovm2 --bug settle-twice --only reorganisations,jitter,latency --first --shrink --seeds ${SEEDS_TO_FIND}`;
  const { printed } = await simulated(words.split(" "));
  const [, least = ""] = /npm run test:simulate -- (.*)$/m.exec(printed) ?? [];
  // That it takes a reorganisation is what it is about; how much of the rest is left out depends on what else the engine does.
  expect(least).toMatch(/^--seed \d+ --protocol ovm2 --only reorganisations.* --bug settle-twice$/);
  const again = await simulated(least.split(" "));
  expect([again.code, /^WRONG books: /m.test(again.printed)]).toEqual([1, true]);
});
