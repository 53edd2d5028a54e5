import { afterAll, beforeAll, expect, test } from "vitest";
import { CHAINS } from "../../stress/engine/base/index.ts";
import { openTestBed, runOn, type TestBed, testTarget } from "./running.ts";

let bed: TestBed;

beforeAll(async () => {
  bed = await openTestBed();
});

afterAll(() => bed.close());

test("a funder that delegates to code (EIP-7702) gets everything back, though transfers to it take more than 21,000 gas", async () => {
  const target = testTarget();
  const { address } = target.funder;
  // It does no more than jump: what it takes is what makes the difference.
  const code = `0x${"5b".repeat(50)}00`;
  const delegate = "0x00000000000000000000000000000000000dE1e9";
  for (const chain of CHAINS) {
    await bed.providers[chain].send("hardhat_setCode", [delegate, code]);
    await bed.providers[chain].send("hardhat_setCode", [address, `0xef0100${delegate.slice(2)}`]);
  }
  const { result } = await runOn(bed, { target, children: 3, operations: 3, duration: 60_000 });
  expect(result.problems).toEqual([]);
  expect(result).toConserveFunds();
  expect(result.unreturned).toBeLessThanOrEqual(result.dust);
  expect(result.clean).toBe(true);
  const sweeps = result.figures.find((one) => one.code === "RF");
  expect(sweeps?.failed).toBe(0);
  expect(sweeps?.gasUsed).toBeGreaterThan(21_000n * BigInt(sweeps?.count ?? 0));
});
