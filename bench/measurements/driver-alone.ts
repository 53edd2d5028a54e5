import { HDNodeWallet } from "ethers";
import type { StackDescription } from "../../fixtures/local-stack/description.ts";
import { type Driven, type DriverTold, delaysOf } from "../driver/told.ts";
import { ask } from "../json-rpc.ts";
import { type Measurement, percentile } from "../measurement.ts";
import { payingOn } from "../paying.ts";
import { drive, startNullChain, startStack } from "../processes.ts";

const BLOCK_MS = 250;

/** Of the accounts that the local stack gives money to. */
const TEST_PHRASE = "test test test test test test test test test test test junk";

/** The driver against a chain that takes and includes everything. */
export const driverAlone: Measurement = {
  name: "driver alone",
  about:
    "payments of 1,000 children on a null chain, in blocks of 250 ms: nothing to wait for but the driver",
  figures: [
    { name: "payments", unit: "payments/s, one process", wanted: { atLeast: 3000 } },
    { name: "two processes", unit: "payments/s, with 1,000 children each" },
    {
      name: "two of one",
      unit: "times one process, the null chain on the same cores",
      wanted: { atLeast: 1.6 },
    },
    { name: "CPU", unit: "ms of the driver's processor a payment", wanted: { atMost: 0.35 } },
    { name: "calls", unit: "RPC calls a payment, block receipts", wanted: { atMost: 1.1 } },
    { name: "calls without", unit: "RPC calls a payment, no block receipts", wanted: { atMost: 2.2 } },
    { name: "requests", unit: "HTTP requests a payment", wanted: { atMost: 0.05 } },
    { name: "done, median", unit: "ms from a block at the RPC to its OP_DONE_", wanted: { atMost: 30 } },
    { name: "done, p99", unit: "ms", wanted: { atMost: 150 } },
    { name: "failed", unit: "operations", wanted: { atMost: 0 } },
  ],

  async measure({ children, loadMs }, round) {
    const stack = await startStack("ovm2");
    try {
      const { l1, l2 } = stack.description;
      const on = async (hasBlockReceipts: boolean) => {
        const chain = await startNullChain({ upstream: l2, blockTimeMs: BLOCK_MS, hasBlockReceipts });
        try {
          const seed = 2 * round + Number(hasBlockReceipts);
          const told = { ...payingOn(stack.description), children: children(1000), durationMs: loadMs, seed };
          const driven = await drive({ ...told, endpoints: [l1, chain.url] });
          return { ...driven, delays: await delaysOn(chain.url, driven) };
        } finally {
          await chain.close();
        }
      };
      const [whole, bare] = [await on(true), await on(false)];
      const two = await inTwo(stack.description, { children: children(1000), durationMs: loadMs }, round);
      const perSecond = two.reduce((sum, { operations, seconds }) => sum + operations / seconds, 0);
      return {
        "two processes": perSecond,
        "two of one": perSecond / (whole.operations / whole.seconds),
        payments: whole.operations / whole.seconds,
        CPU: whole.cpuPerOperation,
        calls: whole.callsPerOperation,
        "calls without": bare.callsPerOperation,
        requests: Math.max(whole.requestsPerOperation, bare.requestsPerOperation),
        "done, median": percentile(whole.delays, 0.5),
        "done, p99": percentile(whole.delays, 0.99),
        failed: [whole, bare, ...two].reduce((sum, { failed }) => sum + failed, 0),
      };
    } finally {
      await stack.close();
    }
  },
};

/** Two drivers at the same time, each with children and a funder of its own. */
async function inTwo(
  stack: StackDescription,
  told: Pick<DriverTold, "children" | "durationMs">,
  round: number,
): Promise<readonly Driven[]> {
  const chain = await startNullChain({ upstream: stack.l2, blockTimeMs: BLOCK_MS, hasBlockReceipts: true });
  const endpoints = [stack.l1, chain.url] as const;
  try {
    return await Promise.all(
      [1, 2].map((account) => {
        const funderKey = HDNodeWallet.fromPhrase(TEST_PHRASE, "", `m/44'/60'/0'/0/${account}`).privateKey;
        return drive({ ...payingOn(stack), ...told, seed: 100 + 2 * round + account, endpoints, funderKey });
      }),
    );
  } finally {
    await chain.close();
  }
}

/** From a null chain, which knows by itself when its blocks were there. */
async function delaysOn(url: string, driven: Driven): Promise<readonly number[]> {
  const hashes = driven.done.map(([hash]) => hash);
  const told = (await ask(url, "bench_includedAt", ...hashes)) as (number | null)[];
  const included = new Map(hashes.map((hash, at) => [hash, told[at] ?? undefined]));
  return delaysOf(driven, (hash) => included.get(hash));
}
