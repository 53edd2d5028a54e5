import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readFaultPlan } from "../../../../fixtures/stack/faults.ts";
import { fault, faultPlan } from "../../../../fixtures/local-stack/ovm2/faults/plan.ts";
import { StressError } from "../../../../stress/engine/base/errors.ts";
import { ownFolder } from "../../../fakes/folder.ts";
import { runs } from "../../../fakes/property.ts";

/** What reading a file with this content throws; undefined: it is a plan. */
function mistakesIn(content: string | Uint8Array, folder = ownFolder()): StressError | undefined {
  const path = join(folder, "plan.json");
  writeFileSync(path, content);
  try {
    readFaultPlan(path, "ovm2");
  } catch (error) {
    if (error instanceof StressError) return error;
    throw error;
  }
  return undefined;
}

const one = (fault: object): string => JSON.stringify({ faults: [fault] });

describe("a fault plan", () => {
  test("has a seed and times where none are given, and is a plan again once parsed", () => {
    const folder = ownFolder();
    const path = join(folder, "plan.json");
    writeFileSync(path, one({ fault: "reorganisation", chain: 2, depth: 3 }));
    const plan = readFaultPlan(path, "ovm2");
    expect(plan).toEqual({
      seed: 1,
      faults: [{ fault: "reorganisation", chain: 2, depth: 3, keep: 50, after: "0s" }],
    });
    expect(faultPlan.parse(JSON.parse(JSON.stringify(plan)))).toEqual(plan);
  });

  test("is refused with all its mistakes at once, each with the nearest word that is right", () => {
    const plan = {
      sed: 1,
      faults: [
        { fault: "drop relays", path: "deposits" },
        { fault: "drop relay", path: "deposits", shar: 10, after: "soon" },
        { fault: "reorganisation", chain: 3, depth: 65 },
        { path: "deposits" },
        { fault: "skim", chain: 1, wei: "-1" },
      ],
    };
    const error = mistakesIn(JSON.stringify(plan));
    expect(error?.code).toBe("FAULT_PLAN_INVALID");
    for (const mistake of [
      "sed: unknown key; did you mean seed?",
      "faults[0].fault: unknown kind of fault; did you mean drop relay?",
      "faults[1].shar: unknown key; did you mean share?",
      "faults[1].after: wants a time",
      "faults[2].chain",
      "faults[2].depth",
      "faults[3].fault: wants a kind of fault",
      "faults[4].wei: wants wei",
    ]) {
      expect(error?.message).toContain(`\n  - ${mistake}`);
    }
  });

  test("doctors a pool in one way at a time", () => {
    const amount = { fault: "wrong amount", chain: 1, less: "1", for: "2s" };
    const recipient = { fault: "wrong recipient", chain: 1 };
    const both = (later: object) => JSON.stringify({ faults: [amount, { ...recipient, ...later }] });
    expect(mistakesIn(both({ after: "1s" }))?.message).toContain("faults[1]: overlaps with faults[0]");
    expect(mistakesIn(both({ after: "2s" }))).toBeUndefined();
    expect(mistakesIn(both({ chain: 2 }))).toBeUndefined();
  });

  test("cannot be read where there is no file", () => {
    expect(() => readFaultPlan(join(ownFolder(), "none.json"), "ovm2")).toThrow(StressError);
    expect(() => readFaultPlan(ownFolder(), "ovm2")).toThrow(StressError);
  });

  test("throws nothing but a StressError, whatever bytes the file has", () => {
    const folder = ownFolder();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(mistakesIn(bytes, folder)?.code).toBe("FAULT_PLAN_INVALID");
      }),
      runs(),
    );
  });

  test("throws nothing but a StressError, whatever JSON the file has", () => {
    const folder = ownFolder();
    const names = ["fault", "chain", "path", "after", "for", "share", "depth", "__proto__", "constructor"];
    const kinds = fault.options.map(({ shape }) => shape.fault.value);
    const values = fc.oneof(fc.jsonValue(), fc.constantFrom(1, 2, "1s", "deposits", "10"));
    const faults = fc.oneof(
      fc.jsonValue(),
      fc.dictionary(fc.oneof(fc.constantFrom(...names), fc.string()), values),
      fc
        .tuple(fc.constantFrom(...kinds), fc.dictionary(fc.constantFrom(...names.slice(1)), values))
        .map(([kind, others]) => ({ ...others, fault: kind })),
    );
    const plans = fc.oneof(fc.jsonValue(), fc.record({ seed: values, faults: fc.array(faults) }));
    fc.assert(
      fc.property(plans, (plan) => {
        const error = mistakesIn(JSON.stringify(plan), folder);
        expect(error?.code ?? "FAULT_PLAN_INVALID").toBe("FAULT_PLAN_INVALID");
      }),
      runs(500),
    );
  });
});
