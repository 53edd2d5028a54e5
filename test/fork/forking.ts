import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CHAINS, perChainAsync } from "../../stress/engine/base/chain.ts";
import { parseTarget } from "../../targets/load.ts";
import type { Target } from "../../targets/target.ts";
import { until } from "../local-stack/faults/until.ts";
import type { TestBed } from "../run/running.ts";

// What tests fork is gone afterwards: nothing of it is to be kept.
process.env["ROLLUP_STRESS_CACHE"] ??= mkdtempSync(join(tmpdir(), "rollup-cache-"));

/** A target file at a test bed's chains, with what a test changes about it. Its funder's key is nowhere. */
export const targetFile = ({ spawned }: TestBed, changes: Record<string, unknown> = {}): object => ({
  name: "live",
  l1: { endpoint: spawned.description.l1, chainId: 31_337 },
  l2: { endpoint: spawned.description.l2, chainId: 31_338 },
  funder: { key: "${FUNDER_KEY}" },
  addressServer: spawned.description.addresses,
  limits: { maxFundEth: 100 },
  ...changes,
});

/** Blocks as quick as the test bed's. */
export const QUICK = { l1BlockTime: 300, l2BlockTime: 100, fraudProofWindow: 1 };

/** The test bed's target, forked. */
export const forkedTarget = (bed: TestBed, option: string, changes: Record<string, unknown> = {}): Target =>
  parseTarget(JSON.stringify(targetFile(bed, { fork: QUICK, ...changes })), "live.json", {}, option);

/** Blocks of both chains that must have followed those of the deployment. */
const SETTLED = 4;

/** Waits until the test bed's newest blocks, less a small margin, hold all that it deployed. */
export async function deployed({ providers }: TestBed): Promise<void> {
  const starts = await perChainAsync((chain) => providers[chain].getBlockNumber());
  await until("blocks behind the deployment", async () => {
    const heads = await perChainAsync((chain) => providers[chain].getBlockNumber());
    return CHAINS.every((chain) => heads[chain] >= starts[chain] + SETTLED) ? true : undefined;
  });
}
