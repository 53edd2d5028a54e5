import { describe, expect, test } from "vitest";
import type { Generation } from "../../../../fixtures/local-stack/op-stack/settings.ts";
import type { Chain } from "../../../../stress/engine/base/index.ts";
import { sawReorganisations } from "../../../faults/cases.ts";
import type { TestRun } from "../../../run/running.ts";
import { allIsPaid, allIsWell, type OpFaultCase, show } from "./show.ts";

const ALL_WAYS = { 1: { SO: 40, FO: 40 }, 2: { SX: 40, FX: 40 } };
const CHAINS = [1, 2] as const;

/**
 * All is paid, and no operation failed but for want of money: what a withdrawal paid on L1 may be gone before its child's books are
 * told of it.
 */
function paidWhereNotTooPoor(run: TestRun): void {
  allIsPaid(run);
  for (const { outcome } of run.result.failed)
    expect(outcome).toMatchObject({ reason: expect.stringContaining("insufficient funds") });
}

/** Depth by generation. */
const DEPTHS = [
  ["games", [1, 3, 10]],
  ["oracle", [3]],
  ["super", [3]],
] as const;

const reorganised: OpFaultCase[] = DEPTHS.flatMap(([generation, depths]) =>
  CHAINS.flatMap((chain) => depths.map((depth) => reorganisedBy(generation, chain, depth))),
);

function reorganisedBy(generation: Generation, chain: Chain, depth: number): OpFaultCase {
  return {
    name: `a reorganisation of L${chain} by ${depth} blocks is noticed, and all is paid once (${generation})`,
    generation,
    faults: [{ fault: "reorganisation", chain, depth, after: "3s" }],
    // What was paid and spent comes again only once the withdrawal that paid it is proved and finalised anew.
    limits: { stuckAfter: 60_000, giveUpAfter: 60_000 },
    shares: ALL_WAYS,
    duration: 9000,
    detectors: ["reorganisation"],
    // One block that is replaced may not have been read by anybody yet.
    mayGoUnnoticed: depth === 1,
    check: (run) => {
      if (chain === 1) paidWhereNotTooPoor(run);
      else allIsWell(run);
      if (depth > 1) sawReorganisations(run, chain);
    },
  };
}

const dear: OpFaultCase[] = CHAINS.map((chain) => ({
  name: `a base fee of L${chain} that leaps has what waits replaced`,
  faults: [{ fault: "base fee spike", chain, gwei: 40, after: "2s" }],
  limits: { slowAfter: 60_000, stuckAfter: 60_000, giveUpAfter: 60_000 },
  // Payments have something waiting on L2 at any time.
  shares: chain === 1 ? ALL_WAYS : { 1: { SO: 40, FO: 40 }, 2: { SX: 5, FX: 5 } },
  startChain: chain,
  duration: 8000,
  detectors: ["fee too low"],
  check: (run) => {
    // What a child has on L1 for proving and finalising is reckoned by the price of before: the run's end sees to the rest.
    if (chain === 1) paidWhereNotTooPoor(run);
    else allIsWell(run);
    expect(run.opLog).toMatch(/^# replaced=/m);
  },
}));

describe("the OP Stack's chains", () => {
  test.each([...reorganised, ...dear])("$name", show);
});
