import { ceilingOf } from "../ceiling.ts";
import { type Driven, delaysOf } from "../driver/told.ts";
import { HeadTimes } from "../head-times.ts";
import { type Measurement, percentile } from "../measurement.ts";
import { payingOn } from "../paying.ts";
import { drive, startStack } from "../processes.ts";

const perSecond = ({ operations, seconds }: Driven): number => operations / seconds;

/** Transfers of the ceiling, of all accounts together: some ten seconds of the local stack; fewer would not fill its blocks. */
const TRANSFERS = 12_000;

/** Payments on the local stack's L2, against what the same chain takes of pre-signed transfers. */
export const payments: Measurement = {
  name: "payments",
  about: "payments of 1,000 children on the local stack's L2, closed loop, and of 400",
  figures: [
    { name: "ceiling", unit: "transfers/s that the chain takes pre-signed" },
    { name: "payments", unit: "payments/s, 1,000 children" },
    { name: "of the ceiling", unit: "payments a transfer of the ceiling", wanted: { atLeast: 0.85 } },
    { name: "CPU", unit: "ms of the driver's processor a payment", wanted: { atMost: 0.35 } },
    { name: "CPU of signing", unit: "times what signing alone takes" },
    { name: "calls", unit: "RPC calls a payment, block receipts", wanted: { atMost: 1.1 } },
    { name: "requests", unit: "HTTP requests a payment", wanted: { atMost: 0.05 } },
    { name: "done, median", unit: "ms from a block at the RPC to its OP_DONE_", wanted: { atMost: 30 } },
    { name: "done, p99", unit: "ms", wanted: { atMost: 150 } },
    { name: "400 children", unit: "payments/s, one pending each" },
    { name: "400 of the ceiling", unit: "of 1,600/s or the ceiling", wanted: { atLeast: 0.9 } },
    { name: "failed", unit: "operations", wanted: { atMost: 0 } },
  ],

  async measure({ children, loadMs }, round) {
    const stack = await startStack("ovm2");
    try {
      const { l2 } = stack.description;
      const ceiling = await ceilingOf(l2, children(1000), TRANSFERS / children(1000));
      const told = { ...payingOn(stack.description), durationMs: loadMs };
      const heads = await HeadTimes.open(l2);
      const thousand = await drive({ ...told, children: children(1000), seed: 2 * round });
      heads.close();
      const included = await heads.includedAt();
      const delays = delaysOf(thousand, (hash) => included.get(hash));
      const fourHundred = await drive({ ...told, children: children(400), seed: 2 * round + 1 });
      return {
        ceiling: ceiling.perSecond,
        payments: perSecond(thousand),
        "of the ceiling": perSecond(thousand) / ceiling.perSecond,
        CPU: thousand.cpuPerOperation,
        "CPU of signing": thousand.cpuPerOperation / ceiling.signingMs,
        calls: thousand.callsPerOperation,
        requests: thousand.requestsPerOperation,
        "done, median": percentile(delays, 0.5),
        "done, p99": percentile(delays, 0.99),
        "400 children": perSecond(fourHundred),
        "400 of the ceiling": perSecond(fourHundred) / Math.min(1600, ceiling.perSecond),
        failed: thousand.failed + fourHundred.failed,
      };
    } finally {
      await stack.close();
    }
  },
};
