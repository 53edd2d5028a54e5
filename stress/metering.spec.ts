/**
 * metering: more deposits at once than L2 takes of one L1 block. Where L1 meters what deposits ask of L2, it makes them dearer and
 * refuses those that are too many: what that does to their fees and times is the result. Refused is not lost: the money stays where it
 * was.
 *
 *   npx vitest run stress/metering --target local-op --children 200 --duration 2m
 */
import { expect } from "vitest";
import { test } from "../fixtures/index.ts";

test("metering", async ({ run }) => {
  const result = await run({
    children: 80,
    duration: "15s",
    startChain: 1,
    toleratedFailures: Number.POSITIVE_INFINITY,
    shares: { 1: { SO: 100 }, 2: { FX: 100, SX: 100 } },
  });
  expect(result).toConserveFunds();
  expect(result).toPayExactlyOnce();
  // Nothing but that they were too many: a deposit that is refused reverts, or cannot be estimated.
  for (const { code, outcome } of result.failed) {
    expect(code).toBe("SO");
    expect(outcome.kind === "failed" && outcome.reason).toMatch(/revert/);
  }
  expect(result.unreturned).toBeLessThanOrEqual(result.dust);
});
