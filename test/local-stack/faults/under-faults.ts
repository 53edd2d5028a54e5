import { startFaults } from "../../../fixtures/stack/faults.ts";
import type { Injected } from "../../../fixtures/local-stack/faults/injected.ts";
import { localStacks } from "../../../fixtures/local-stack/index.ts";
import type { TestBed } from "../../run/running.ts";

/** Runs a plan around `work` and returns all that was injected. */
export async function underFaults(
  bed: TestBed,
  faults: readonly object[],
  work: (soFar: () => Promise<Injected[]>) => Promise<void>,
): Promise<Injected[]> {
  const active = await startFaults(bed.stack, localStacks.ovm2.faultPlan.parse({ faults }));
  try {
    await work(() => active.injected());
  } finally {
    await active.end();
  }
  return active.injected();
}
