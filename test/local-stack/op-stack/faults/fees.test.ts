import { describe, expect, test } from "vitest";
import { isConserved } from "../../../../stress/engine/audit/index.ts";
import { amountOf, BALANCE } from "../../../../stress/engine/ledger/index.ts";
import { OPERATOR_FEE } from "../../../../stress/protocols/fees.ts";
import { allIsWell, type OpFaultCase, SHARES, show } from "./show.ts";

const raised: OpFaultCase = {
  name: "an operator fee that is raised in mid-run is in the books, to the wei",
  faults: [{ fault: "operator fee", scalar: 5_000_000, constant: 10_000_000_000, after: "2s", for: "4s" }],
  shares: SHARES,
  duration: 8000,
  detectors: [],
  check: (run) => {
    allIsWell(run);
    const books = run.result.ledger.chains[2];
    const paid = books.kind === "reconciled" ? amountOf(books.causes[OPERATOR_FEE] ?? {}, BALANCE) : 0n;
    expect(paid).toBeLessThan(0n);
  },
};

const metering: OpFaultCase = {
  name: "deposits that find no room wait or fail, and none is lost",
  // As long as there is load, which comes back to L1 quickly: some deposit meets it.
  faults: [{ fault: "full metering", after: "500ms" }],
  shares: { 1: { SO: 95 }, 2: { FX: 95 } },
  duration: 9000,
  detectors: [],
  check: ({ result }) => {
    expect(isConserved(result.ledger)).toBe(true);
    expect(result).toPayExactlyOnce();
    expect(result.injected).toMatchObject([{ fault: "full metering" }]);
    // One that reverts cost its gas; one that cannot be estimated is tried again for a while.
    for (const { code } of result.failed) expect(code).toBe("SO");
  },
};

describe("the OP Stack's fees", () => {
  test.each([raised, metering])("$name", show);
});
