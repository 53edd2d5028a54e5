import type { Measurement } from "../measurement.ts";
import { payingOn } from "../paying.ts";
import { drive, startNullChain, startStack } from "../processes.ts";

const MB = 2 ** 20;

/** Long enough for the slowest to be measured apart from its funding. */
const LONGER = 2;

/** How many children, as figures name them. */
const COUNTS = new Map([
  ["10", 10],
  ["100", 100],
  ["1,000", 1000],
  ["10,000", 10_000],
]);

const names = [...COUNTS.keys()];

/** What a payment costs the driver, by how many children there are. */
export const growth: Measurement = {
  name: "growth",
  about: "payments on a null chain with 10, 100, 1,000 and 10,000 children",
  figures: [
    ...names.map((name) => ({ name: `CPU, ${name}`, unit: "ms of the driver's processor a payment" })),
    { name: "CPU, 10,000 of 100", unit: "times", wanted: { atMost: 1.3 } },
    ...names.map((name) => ({ name: `calls, ${name}`, unit: "RPC calls a payment" })),
    ...names.map((name) => ({
      name: `memory, ${name}`,
      unit: "MB",
      ...(name === "10,000" ? { wanted: { atMost: 600 } } : {}),
    })),
    { name: "failed", unit: "operations", wanted: { atMost: 0 } },
  ],

  async measure({ children, loadMs }, round) {
    const stack = await startStack("ovm2");
    try {
      const { l1, l2 } = stack.description;
      const told = { ...payingOn(stack.description), durationMs: LONGER * loadMs };
      const found: Record<string, number> = { failed: 0 };
      for (const [at, [name, count]] of [...COUNTS].entries()) {
        const chain = await startNullChain({ upstream: l2, blockTimeMs: 250, hasBlockReceipts: true });
        const size = count <= 100 ? count : children(count);
        try {
          const driven = await drive({
            ...told,
            children: size,
            seed: 4 * round + at,
            endpoints: [l1, chain.url],
          });
          found[`CPU, ${name}`] = driven.cpuPerOperation;
          found[`calls, ${name}`] = driven.callsPerOperation;
          found[`memory, ${name}`] = driven.mostMemory / MB;
          found["failed"] = (found["failed"] ?? 0) + driven.failed;
        } finally {
          await chain.close();
        }
      }
      const ratio = (found["CPU, 10,000"] ?? Number.NaN) / (found["CPU, 100"] ?? Number.NaN);
      return { ...found, "CPU, 10,000 of 100": ratio };
    } finally {
      await stack.close();
    }
  },
};
