import { describe, expect, test } from "vitest";
import { checkFaultPlan } from "../../../fixtures/local-stack/index.ts";

const mistakes = (fault: object): readonly string[] => {
  const checked = checkFaultPlan({ faults: [fault] }, "op-stack");
  return "mistakes" in checked ? checked.mistakes : [];
};

describe("a fault plan of the OP Stack", () => {
  test("knows its ways, services and kinds, and has defaults", () => {
    const plan = {
      faults: [
        { fault: "drop relay", path: "portal deposits" },
        { fault: "wrong recipient", path: "fast exits", most: 1 },
        { fault: "false proposals", share: 10 },
        { fault: "void proposals" },
        { fault: "respected game type", type: 5, after: "3s" },
        { fault: "pause", for: "2s" },
        { fault: "operator fee", scalar: 1, constant: 2 },
        { fault: "full metering" },
        { fault: "stop service", service: "resolver" },
        { fault: "reorganisation", chain: 1, depth: 3 },
      ],
    };
    const checked = checkFaultPlan(plan, "op-stack");
    if ("mistakes" in checked) throw new Error(checked.mistakes.join("\n"));
    const [dropped, diverted, lied, voided] = checked.plan.faults;
    expect(dropped).toMatchObject({ share: 100, after: "0s" });
    expect(diverted).toMatchObject({ to: "0x00000000000000000000000000000000BAd00Bad", most: 1 });
    expect(lied).toMatchObject({ share: 10 });
    expect(voided).toEqual({ fault: "void proposals", after: "0s" });
  });

  test("is refused for what another protocol has, and for what no game is of", () => {
    expect(mistakes({ fault: "drain pool", chain: 1 })[0]).toContain("unknown kind of fault");
    expect(mistakes({ fault: "drop relay", path: "slow exits" })[0]).toContain("faults[0].path");
    expect(mistakes({ fault: "stop service", service: "batch submitter" })[0]).toContain("faults[0].service");
    expect(mistakes({ fault: "respected game type", type: 1 })[0]).toContain("faults[0].type");
    expect(mistakes({ fault: "wrong amount", path: "deposits", less: "0" })[0]).toContain("wants wei");
    expect(mistakes({ fault: "operator fee", scalar: 2 ** 32, constant: 0 })[0]).toContain(
      "faults[0].scalar",
    );
  });
});
