/** A second file, for runners that start several at once. */
import { expect } from "vitest";
import { test } from "../../../fixtures/index.ts";

test("in another file", async ({ run }) => {
  const result = await run({ children: 2, ops: 2, startChain: 2, shares: { 1: {}, 2: {} } });
  expect(result).toConserveFunds();
});
