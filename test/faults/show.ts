import { expect } from "vitest";
import { openTestBed } from "../run/running.ts";
import type { FaultCase } from "./cases.ts";
import { detectorsOf, faultyRun, warningsOf } from "./faulty-run.ts";

/** Shows that a fault is noticed by its own detectors and by no other, on a stack of its own: what it did to the pools stays. */
export async function show(one: FaultCase): Promise<void> {
  const bed = await openTestBed();
  try {
    const run = await faultyRun(bed, one);
    expect(run.result.injected.length).toBeGreaterThan(0);
    expect(detectorsOf(run), warningsOf(run)).toEqual(one.detectors);
    one.check(run);
  } finally {
    await bed.close();
  }
}
