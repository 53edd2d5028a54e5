/**
 * mixed: the predecessor's job. Children pay each other, cross fast and slow both ways, and add and remove liquidity, in
 * the shares of the target.
 *
 *   npx vitest run stress/mixed --target local --children 50 --duration 2m
 */
import { expect } from "vitest";
import { test } from "../fixtures/index.ts";

test("mixed", async ({ run }) => {
  const result = await run({ children: 10, duration: "30s" });
  expect(result).toConserveFunds();
  expect(result).toPayExactlyOnce();
  expect(result.failed).toEqual([]);
  expect(result.unreturned).toBeLessThanOrEqual(result.dust);
});
