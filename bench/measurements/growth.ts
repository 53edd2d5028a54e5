import type { Driven } from "../driver/told.ts";
import type { Measurement } from "../measurement.ts";
import { payingOn } from "../paying.ts";
import { drive, startNullChain, startStack } from "../processes.ts";

const MB = 2 ** 20;

/** Long enough for the slowest to be measured apart from its funding. */
const LONGER = 2;

/** What a payment costs the driver, by how many children there are. */
export const growth: Measurement = {
  name: "growth",
  about: "payments on a null chain with 10, 100, 1,000 and 10,000 children",
  figures: [
    { name: "CPU, 10", unit: "ms of the driver's processor a payment" },
    { name: "CPU, 100", unit: "ms" },
    { name: "CPU, 1,000", unit: "ms" },
    { name: "CPU, 10,000", unit: "ms" },
    { name: "CPU, 10,000 of 100", unit: "times", wanted: { atMost: 1.3 } },
    { name: "calls, 100", unit: "RPC calls a payment" },
    { name: "calls, 10,000", unit: "RPC calls a payment" },
    { name: "memory, 100", unit: "MB" },
    { name: "memory, 10,000", unit: "MB", wanted: { atMost: 600 } },
    { name: "failed", unit: "operations", wanted: { atMost: 0 } },
  ],

  async measure({ children, loadMs }, round) {
    const stack = await startStack("ovm2");
    try {
      const { l1, l2 } = stack.description;
      const told = { ...payingOn(stack.description), durationMs: LONGER * loadMs };
      const driven: Driven[] = [];
      for (const count of [10, 100, 1000, 10_000]) {
        const chain = await startNullChain({ upstream: l2, blockTimeMs: 250, hasBlockReceipts: true });
        const size = count <= 100 ? count : children(count);
        const seed = 4 * round + driven.length;
        try {
          driven.push(await drive({ ...told, children: size, seed, endpoints: [l1, chain.url] }));
        } finally {
          await chain.close();
        }
      }
      const [ten, hundred, thousand, most] = driven;
      if (ten === undefined || hundred === undefined || thousand === undefined || most === undefined)
        return {};
      return {
        "CPU, 10": ten.cpuPerOperation,
        "CPU, 100": hundred.cpuPerOperation,
        "CPU, 1,000": thousand.cpuPerOperation,
        "CPU, 10,000": most.cpuPerOperation,
        "CPU, 10,000 of 100": most.cpuPerOperation / hundred.cpuPerOperation,
        "calls, 100": hundred.callsPerOperation,
        "calls, 10,000": most.callsPerOperation,
        "memory, 100": hundred.mostMemory / MB,
        "memory, 10,000": most.mostMemory / MB,
        failed: driven.reduce((sum, { failed }) => sum + failed, 0),
      };
    } finally {
      await stack.close();
    }
  },
};
