/**
 * payments: all children on L2, paying each other and nothing else. What the chain alone can do.
 *
 *   npx vitest run stress/payments --target local --children 50 --duration 2m --seed 7
 */
import { expect } from "vitest";
import { test } from "../fixtures/index.ts";

test("payments", async ({ run }) => {
  const result = await run({
    children: 10,
    duration: "10s",
    startChain: 2,
    shares: { 1: {}, 2: { PY: 100 } },
  });
  expect(result).toConserveFunds();
  expect(result).toPayExactlyOnce();
  expect(result.failed).toEqual([]);
  expect(result.unreturned).toBeLessThanOrEqual(result.dust);
});
