/**
 * withdrawals: children deposit what they have, withdraw all of it, and deposit it again, all at once: as many withdrawals are under
 * way as there are children. What is told of them is how long each phase takes, and that each is paid once.
 *
 *   npx vitest run stress/withdrawals --target local-op --children 300 --duration 5m
 */
import { expect } from "vitest";
import { test } from "../fixtures/index.ts";

test("withdrawals", async ({ run }) => {
  const shares = { 1: { SO: 100 }, 2: { SX: 100 } };
  const result = await run({ children: 40, duration: "15s", startChain: 2, shares });
  expect(result).toConserveFunds();
  expect(result).toPayExactlyOnce();
  expect(result.failed).toEqual([]);
  expect(result.unreturned).toBeLessThanOrEqual(result.dust);
});
