import { runCommand } from "../command.ts";
import type { Measurement } from "../measurement.ts";

const MB = 2 ** 20;

/** Runs as users start them, from command to exit. */
export const command: Measurement = {
  name: "command",
  about: "npx vitest run stress/payments --target local, 1,000 children, 20 s of load, and 100 children",
  figures: [
    { name: "command to exit", unit: "s, 1,000 children, 20 s of load", wanted: { atMost: 50 } },
    { name: "memory, 100", unit: "MB of the driver, 100 children", wanted: { atMost: 250 } },
    { name: "memory, 1,000", unit: "MB of the driver, 1,000 children" },
    { name: "failed", unit: "commands", wanted: { atMost: 0 } },
  ],

  async measure({ children, loadMs }, round) {
    const seconds = Math.round((20 * loadMs) / 12_000);
    const run = (count: number) =>
      runCommand(["stress/payments", "--target", "local", "--own-stack"], {
        children: count,
        seconds,
        seed: round,
      });
    const many = await run(children(1000));
    const few = await run(children(100));
    return {
      "command to exit": many.tookMs / 1000,
      "memory, 100": few.mostMemory / MB,
      "memory, 1,000": many.mostMemory / MB,
      failed: Number(many.exitCode !== 0) + Number(few.exitCode !== 0),
    };
  },
};
