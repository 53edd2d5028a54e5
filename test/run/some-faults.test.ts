import { test } from "vitest";
import { drawsOf, wholeBelow } from "../../stress/engine/base/random.ts";
import { CASES, type FaultCase } from "../faults/cases.ts";
import { show } from "../faults/show.ts";

/** Decides which of the long tests (`npm run test:faults`) are run here: one of each family. Another day, another seed. */
const SEED = Number(process.env["TEST_SEED"] ?? "234");

const chosen: FaultCase[] = Object.values(CASES).flatMap((family: readonly FaultCase[], at) => {
  const one = family[wholeBelow(drawsOf(SEED, at, 0)("case"), family.length)];
  return one === undefined ? [] : [one];
});

test.concurrent.each(chosen)("$name", show);
