/**
 * crossings: children go back and forth between the chains, fast and slow. A pool too small for a fast crossing makes it a
 * slow one. Nobody pays anybody, so that each child's money is its own deposits and payouts.
 *
 *   npx vitest run stress/crossings --target local --children 20 --duration 5m
 */
import { expect } from "vitest";
import { test } from "../fixtures/index.ts";

test("crossings", async ({ run }) => {
  const shares = { 1: { FO: 60, SO: 100, PY: 0 }, 2: { FX: 60, SX: 100, PY: 0 } };
  const result = await run({ children: 10, duration: "20s", shares });
  expect(result).toConserveFunds();
  expect(result).toPayExactlyOnce();
  expect(result.failed).toEqual([]);
  expect(result.unreturned).toBeLessThanOrEqual(result.dust);
});
