import { runCommand } from "../command.ts";
import type { Measurement } from "../measurement.ts";

/** L1's block time on the target `local`. Milliseconds. */
const L1_BLOCK_MS = 1000;

/** Everything that children do, on both protocols: a run that failed an operation, or whose books are off, ends with another code. */
export const mixed: Measurement = {
  name: "mixed",
  about: "npx vitest run stress/mixed, 1,000 children, on both local stacks",
  figures: [
    { name: "local", unit: "runs that failed", wanted: { atMost: 0 } },
    { name: "local, took", unit: "s from command to exit" },
    { name: "funding", unit: "L1 block times for 1,000 children on both chains", wanted: { atMost: 10 } },
    {
      name: "giving back",
      unit: "L1 block times, from the first refund to the last",
      wanted: { atMost: 10 },
    },
    { name: "local-op", unit: "runs that failed", wanted: { atMost: 0 } },
    { name: "local-op, took", unit: "s from command to exit" },
  ],

  async measure({ children, loadMs }, round) {
    const seconds = Math.round((20 * loadMs) / 12_000);
    const run = (target: string) =>
      runCommand(["stress/mixed", "--target", target, "--own-stack"], {
        children: children(1000),
        seconds,
        seed: round,
      });
    const [legacy, opStack] = [await run("local"), await run("local-op")];
    return {
      local: Number(legacy.exitCode !== 0),
      "local, took": legacy.tookMs / 1000,
      funding: legacy.fundingMs / L1_BLOCK_MS,
      "giving back": legacy.givingBackMs / L1_BLOCK_MS,
      "local-op": Number(opStack.exitCode !== 0),
      "local-op, took": opStack.tookMs / 1000,
    };
  },
};
