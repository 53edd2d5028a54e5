import { describe, expect, test } from "vitest";
import { sawReorganisations } from "../../../faults/cases.ts";
import { allIsWell, type OpFaultCase, show } from "./show.ts";

const ALL_WAYS = { 1: { SO: 40, FO: 40 }, 2: { SX: 40, FX: 40 } };
const CHAINS = [1, 2] as const;

/** Without withdrawals: who has finished one has nothing to finalise it by once more. */
const NO_WITHDRAWALS = { 1: { SO: 40, FO: 40 }, 2: { FX: 60 } };

/** One block that is replaced may not have been read by anybody yet: nothing is to be noticed of it. */
const reorganised: OpFaultCase[] = CHAINS.flatMap((chain) =>
  [3, 10].map(
    (depth): OpFaultCase => ({
      name: `a reorganisation of L${chain} by ${depth} blocks is noticed, and all is paid once`,
      faults: [{ fault: "reorganisation", chain, depth, after: "3s" }],
      shares: chain === 1 && depth > 3 ? NO_WITHDRAWALS : ALL_WAYS,
      duration: 9000,
      detectors: ["reorganisation"],
      check: (run) => {
        allIsWell(run);
        sawReorganisations(run, chain);
      },
    }),
  ),
);

const dear: OpFaultCase[] = CHAINS.map((chain) => ({
  name: `a base fee of L${chain} that leaps has what waits replaced`,
  faults: [{ fault: "base fee spike", chain, gwei: 40, after: "2s" }],
  limits: { slowAfter: 60_000, stuckAfter: 60_000, giveUpAfter: 60_000 },
  // What a child on L1 has kept for proving and finalising is reckoned by the price of before.
  shares: NO_WITHDRAWALS,
  duration: 8000,
  detectors: ["fee too low"],
  check: (run) => {
    allIsWell(run);
    expect(run.opLog).toMatch(/^# replaced=/m);
  },
}));

describe("the OP Stack's chains", () => {
  test.each([...reorganised, ...dear])("$name", show);
});
