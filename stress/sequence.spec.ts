/**
 * sequence: one child steps through every operation in a fixed order, and each is checked to the wei: what the child has
 * less on one chain and more on the other, what its pool kept, and that the gas estimate held. A second child is there to
 * be paid.
 *
 *   npx vitest run stress/sequence --target local
 */
import { Contract, type JsonRpcApiProvider } from "ethers";
import { expect } from "vitest";
import { test } from "../fixtures/index.ts";
import { CHAINS, type PerChain, perChainAsync } from "./engine/base/chain.ts";
import { type Contracts, POOL_ABI, POOL_ETH } from "./protocols/ovm2/contracts.ts";
import type { Performed } from "./engine/run/performer.ts";

const ON_L1_THEN_L2_AND_BACK = ["PY", "AL", "RL", "FO", "PY", "AL", "RL", "FX", "SO", "SX"];

const THOUSANDTHS = 1000n;

test("sequence", async ({ run, contracts, providers }) => {
  const balances = (address: string): Promise<PerChain<bigint>> =>
    perChainAsync((chain) => providers[chain].getBalance(address));
  const result = await run({
    children: 2,
    startChain: 1,
    duration: "forever",
    drive: async ([child]) => {
      if (child === undefined) throw new Error("no child to drive");
      for (const code of ON_L1_THEN_L2_AND_BACK) {
        const before = await balances(child.address);
        const performed = await child.perform(code);
        expect(performed.outcome, code).toEqual({ kind: "succeeded" });
        const expected = await expectedChange(performed, contracts, providers);
        const after = await balances(child.address);
        for (const chain of CHAINS)
          expect(after[chain] - before[chain], `${code} on L${chain}`).toBe(expected[chain]);
      }
    },
  });
  expect(["finished", "signal"]).toContain(result.reason.kind);
  expect(result).toConserveFunds();
  expect(result).toPayExactlyOnce();
  expect(result.failed).toEqual([]);
  expect(result.unreturned).toBeLessThanOrEqual(result.dust);
});

/** What an operation must have changed in its child's balances: amounts, fees, and what the pool keeps. Wei. */
async function expectedChange(
  { code, chain, plan: { movement }, receipt, approval, gasEstimated, crossing }: Performed,
  contracts: Contracts,
  providers: PerChain<JsonRpcApiProvider>,
): Promise<PerChain<bigint>> {
  const change = { 1: 0n, 2: 0n };
  if (receipt === undefined || !("amount" in movement)) throw new Error(`${code} has no receipt`);
  expect(receipt.gasUsed, `gas of ${code}`).toBeLessThanOrEqual(gasEstimated);
  for (const mined of [approval, receipt]) change[chain] -= (mined?.gasFee ?? 0n) + (mined?.l1Fee ?? 0n);
  change[chain] += movement.kind === "unstake" ? movement.amount : -movement.amount;
  if (movement.kind !== "crossing") return change;
  if (crossing?.kind !== "paid") throw new Error(`${code} was not paid out`);
  const isFast = code.startsWith("F");
  const kept = isFast ? await poolFee(crossing, movement.amount, contracts, providers) : 0n;
  expect(crossing.amount, `payout of ${code}`).toBe(movement.amount - kept);
  change[crossing.chain] += crossing.amount;
  return change;
}

/** What the paying pool keeps: its stakers' rate as it was before the payout, and its owner's. */
async function poolFee(
  { chain, hash }: { chain: 1 | 2; hash: string },
  amount: bigint,
  contracts: Contracts,
  providers: PerChain<JsonRpcApiProvider>,
): Promise<bigint> {
  const receipt = await providers[chain].getTransactionReceipt(hash);
  const pool = new Contract(contracts.pool[chain], POOL_ABI[chain], providers[chain]);
  const at = { blockTag: (receipt?.blockNumber ?? 0) - 1 };
  const stakers: bigint = await pool.getFunction("getUserRewardFeeRate").staticCall(POOL_ETH[chain], at);
  const owner: bigint = await pool.getFunction("ownerRewardFeeRate").staticCall(at);
  return (amount * stakers) / THOUSANDTHS + (amount * owner) / THOUSANDTHS;
}
