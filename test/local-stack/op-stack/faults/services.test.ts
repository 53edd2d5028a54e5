import { describe, expect, test } from "vitest";
import { allIsWell, type OpFaultCase, SHARES, show } from "./show.ts";

/** Whatever takes longer than this is late. Milliseconds. */
const SLOW = 12_000;
const LONG = "12s";

const stopped: OpFaultCase[] = (
  [
    // They come back to L1, and deposit again: by the time it stops most have done so once.
    ["sequencer", { 1: { SO: 95 }, 2: { FX: 95 } }],
    ["proposer", { 1: { SO: 50 }, 2: { SX: 95 } }],
    ["resolver", { 1: { SO: 50 }, 2: { SX: 95 } }],
    ["l1 blocks", SHARES],
    ["l2 blocks", SHARES],
  ] as const
).map(([service, shares]) => ({
  name: `the ${service} that stops for a while makes crossings late`,
  faults: [{ fault: "stop service", service, after: "1s", for: LONG }],
  limits: { slowAfter: SLOW - 1500, stuckAfter: 60_000, giveUpAfter: 61_000 },
  shares,
  duration: 14_000,
  detectors: ["late"],
  check: (run) => {
    allIsWell(run);
    expect(() => expect(run.result).toPayExactlyOnce({ late: 0 })).toThrow("late");
  },
}));

const paused: OpFaultCase = {
  name: "a bridge that is paused for a while makes withdrawals late",
  faults: [{ fault: "pause", after: "1s", for: LONG }],
  limits: { slowAfter: SLOW - 1500, stuckAfter: 60_000, giveUpAfter: 61_000 },
  shares: { 1: { SO: 50 }, 2: { SX: 95 } },
  duration: 14_000,
  detectors: ["late"],
  check: allIsWell,
};

describe("the OP Stack's services", () => {
  test.each([...stopped, paused])("$name", show);
});
