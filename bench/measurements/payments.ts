import { type Ceiling, ceilingOf } from "../ceiling.ts";
import { type Driven, delaysOf } from "../driver/told.ts";
import { HeadTimes } from "../head-times.ts";
import { type Measurement, percentile } from "../measurement.ts";
import { payingOn } from "../paying.ts";
import { drive, startStack } from "../processes.ts";

const perSecond = ({ operations, seconds }: Driven): number => operations / seconds;

/** Transfers by which a ceiling is found, of all accounts together: some five seconds of the local stack; fewer would not fill its blocks. */
const TRANSFERS = 8000;

/** The ceiling that a drive is held against: the mean of what was found right before it and right after, as machines change from minute to minute. */
const mean = (...ceilings: readonly Ceiling[]): number =>
  ceilings.reduce((sum, { perSecond }) => sum + perSecond, 0) / ceilings.length;

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
      const accounts = children(1000);
      const ceiling = (before: number) => ceilingOf(l2, { accounts, each: TRANSFERS / accounts, before });
      const told = { ...payingOn(stack.description), durationMs: loadMs };
      const first = await ceiling(0);
      const heads = await HeadTimes.open(l2);
      const thousand = await drive({ ...told, children: accounts, seed: 2 * round });
      heads.close();
      const included = await heads.includedAt();
      const delays = delaysOf(thousand, (hash) => included.get(hash));
      const second = await ceiling(1);
      const fourHundred = await drive({ ...told, children: children(400), seed: 2 * round + 1 });
      const third = await ceiling(2);
      return {
        ceiling: mean(first, second, third),
        payments: perSecond(thousand),
        "of the ceiling": perSecond(thousand) / mean(first, second),
        CPU: thousand.cpuPerOperation,
        "CPU of signing": thousand.cpuPerOperation / first.signingMs,
        calls: thousand.callsPerOperation,
        requests: thousand.requestsPerOperation,
        "done, median": percentile(delays, 0.5),
        "done, p99": percentile(delays, 0.99),
        "400 children": perSecond(fourHundred),
        "400 of the ceiling": perSecond(fourHundred) / Math.min(1600, mean(second, third)),
        failed: thousand.failed + fourHundred.failed,
      };
    } finally {
      await stack.close();
    }
  },
};
