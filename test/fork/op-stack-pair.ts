import { ZeroAddress } from "ethers";
import { expect } from "vitest";
import { FAST_BRIDGE_ABI } from "../../fixtures/local-stack/op-stack/fast-bridge.ts";
import { startFaults } from "../../fixtures/stack/faults.ts";
import { perChainAsync, type PerChain } from "../../stress/engine/base/chain.ts";
import type { DrivenChild } from "../../stress/engine/run/index.ts";
import type { Target } from "../../targets/target.ts";
import { account } from "../local-stack/op-stack/depositor.ts";
import { until } from "../local-stack/faults/until.ts";
import { openOpStack, type TestBed, type TestRun } from "../run/running.ts";
import { forkedTarget } from "./forking.ts";

/** Seconds that live networks take. */
const LIVE_DELAYS = { proofMaturityDelay: 604_800, gameClock: 302_400, finalityDelay: 302_400 };

/**
 * Milliseconds between blocks. A fork's transactions read what they touch from the pair, one slot after the other, and each read waits
 * while the pair makes a block.
 */
const LIVE_BLOCKS = { l1BlockTime: 1000, l2BlockTime: 500 };

/** Crossings that a live pair carries out in seconds. */
export const QUICK_WAYS = { 1: { SO: 25, FO: 20, TO: 20 }, 2: { FX: 40 } };

/** There and back again in each way, beginning on L1. */
const EVERY_WAY = ["PY", "SO", "SX", "TO", "TX", "FO", "FX", "PY"] as const;

/** What a run has six children do, all at once: no way is left to chance. */
export const inEveryWay = {
  children: 6,
  startChain: 1,
  duration: Number.POSITIVE_INFINITY,
  drive: async (children: readonly DrivenChild[]): Promise<void> => {
    await Promise.all(
      children.map(async (child) => {
        for (const code of EVERY_WAY)
          expect((await child.perform(code)).outcome, code).toEqual({ kind: "succeeded" });
      }),
    );
  },
} as const;

/** Every crossing was paid once, no wei is missing, and everything was given back. */
export function allIsWell({ result }: TestRun): void {
  expect(result.failed).toEqual([]);
  expect(result.clean).toBe(true);
  expect(result).toConserveFunds();
  expect(result).toPayExactlyOnce();
}

/** A pair as live ones are: withdrawals take ten days. */
export const openLivePair = (settings: Record<string, number | string> = {}): Promise<TestBed> =>
  openOpStack({ ...LIVE_DELAYS, ...LIVE_BLOCKS, ...settings });

/** The pair's target, forked. */
export const forkedPair = (bed: TestBed, option: string, changes: Record<string, unknown> = {}): Target =>
  forkedTarget(bed, option, {
    protocol: "op-stack",
    fork: { margin: 1, l1BlockTime: 300, l2BlockTime: 100 },
    ...changes,
  });

/** Deposits in the pair's fast bridge on L1 what is never paid out on L2. @returns the blocks that both chains have then */
export async function leaveFastDepositOpen(bed: TestBed): Promise<PerChain<number>> {
  const { stack, spawned, providers } = bed;
  await startFaults(stack, {
    seed: 1,
    faults: [{ fault: "stop service", service: "L2 disburser", after: "0s" }],
  });
  const page = await fetch(new URL("/addresses.json", spawned.description.addresses));
  const { Proxy__L1Teleportation: to } = (await page.json()) as Record<string, string>;
  if (to === undefined) throw new Error("the pair lists a fast bridge");
  const value = 10n ** 17n;
  const data = FAST_BRIDGE_ABI.encodeFunctionData("teleportAsset", [ZeroAddress, value, 31_338]);
  const sent = await account(5).connect(providers[1]).sendTransaction({ to, data, value });
  if ((await sent.wait())?.status !== 1) throw new Error("the fast bridge takes deposits");
  const pins = await perChainAsync((chain) => providers[chain].getBlockNumber());
  await until("blocks behind the deposit", async () =>
    (await providers[2].getBlockNumber()) > pins[2] + 2 ? true : undefined,
  );
  return pins;
}
