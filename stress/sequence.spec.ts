/**
 * sequence: one child steps through every operation in a fixed order, and each is checked to the wei: what the child has
 * less on one chain and more on the other, what its pool kept, and that the gas estimate held. A second child is there to
 * be paid.
 *
 *   npx vitest run stress/sequence --target local
 */
import { expect } from "vitest";
import { test } from "../fixtures/index.ts";
import { CHAINS, type PerChain, perChainAsync } from "./engine/base/index.ts";
import type { Performed } from "./engine/events.ts";
import { BALANCE } from "./engine/ledger/index.ts";
import { costOf } from "./engine/rpc/index.ts";
import type { DrivenChild, DriveTools } from "./engine/run/index.ts";
import { movesOf } from "./engine/transactions/index.ts";

/** On L1, there, on L2, back; then there and back by the other ways. Those that the target's protocol has not are left out. */
const STEPS = ["PY", "AL", "RL", "FO", "PY", "AL", "RL", "FX", "TO", "TX", "SO", "SX"];

/** What a target without the fast way does in its place. */
const OTHERWISE: Readonly<Record<string, string>> = { FO: "SO", FX: "SX" };

test("sequence", async ({ run, providers, codes }) => {
  const balances = (address: string): Promise<PerChain<bigint>> =>
    perChainAsync((chain) => providers[chain].getBalance(address));
  const result = await run({
    children: 2,
    startChain: 1,
    duration: "forever",
    drive: async ([child], tools) => {
      if (child === undefined) throw new Error("no child to drive");
      for (const step of STEPS.filter((one) => codes.includes(one))) {
        const other = OTHERWISE[step];
        const code = other !== undefined && child.ready(step) !== undefined ? other : step;
        const before = await balances(child.address);
        const performed = await child.perform(code);
        expect(performed.outcome, code).toEqual({ kind: "succeeded" });
        const expected = await expectedChange(performed, child, tools);
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

/** What an operation must have changed in its child's balances: amounts, fees, and what the bridge keeps. Wei. */
async function expectedChange(
  performed: Performed,
  { address }: DrivenChild,
  tools: DriveTools,
): Promise<PerChain<bigint>> {
  const { code, steps, receipt, gasEstimated } = performed;
  const change = { 1: 0n, 2: 0n };
  expect(receipt?.gasUsed, `gas of ${code}`).toBeLessThanOrEqual(gasEstimated);
  for (const { chain, plan, receipt: mined, crossing, end } of steps) {
    change[chain] -= costOf(mined);
    for (const { account = address, asset, amount } of movesOf(plan))
      if (account === address && asset === BALANCE) change[chain] += amount;
    if (crossing === undefined) continue;
    if (end?.kind !== "paid") throw new Error(`${code} was not paid out`);
    expect(end.amount, `payout of ${code}`).toBe(await tools.dueOf(performed));
    if (crossing.asset === BALANCE) change[end.chain] += end.amount;
  }
  return change;
}
