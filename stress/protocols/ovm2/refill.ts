import { MaxUint256 } from "ethers";
import { CHAINS, type Chain, otherChain, type PerChain, perChainAsync } from "../../engine/base/index.ts";
import { BALANCE } from "../../engine/ledger/index.ts";
import type { Node } from "../../engine/rpc/index.ts";
import type { FunderHands } from "../protocol.ts";
import { fastCrossing } from "./calls.ts";
import type { Contracts } from "./contracts.ts";
import type { ExitFee } from "./exit-fee.ts";
import { TOKENS } from "./operation.ts";
import { poolShare } from "./pool-share.ts";
import { approveTokens } from "../erc20.ts";

/** What the pools are seen and refilled with. */
export interface PoolAccess {
  readonly nodes: PerChain<Node>;
  readonly contracts: Contracts;
  readonly exitFee: ExitFee | undefined;
}

/** Pools keep at most this many thousandths of a fast crossing (LiquidityPool.userRewardMaxFeeRate by default). */
const MAX_POOL_FEE = 50n;

/** Wei that the chain's pool holds now. */
export const poolBalance = (
  { nodes, contracts }: Omit<PoolAccess, "exitFee">,
  chain: Chain,
): Promise<bigint> => nodes[chain].balance(contracts.pool[chain]);

/** Makes sure that both pools hold what these accounts have staked in them. */
export async function refillForStakers(
  access: PoolAccess,
  funder: FunderHands,
  stakers: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const needed = await perChainAsync(async (chain) => {
    const shares = await Promise.all(stakers.map((staker) => poolShare(access, chain, staker)));
    return shares.reduce((sum, { stake, reward }) => sum + stake + reward, 0n);
  });
  // One after the other: refilling one pool takes from the other.
  for (const chain of CHAINS) await refillPool(access, funder, chain, needed, signal);
}

/**
 * Makes sure that a pool holds what is needed of it. Fast crossings move liquidity from one pool to the other, so one may
 * be short of what stakers have in it while the other has too much: a fast crossing of the funder the other way brings it
 * back. Where the other pool cannot spare it, nothing is done.
 */
async function refillPool(
  access: PoolAccess,
  funder: FunderHands,
  chain: Chain,
  needed: PerChain<bigint>,
  signal: AbortSignal,
): Promise<void> {
  const { contracts, exitFee } = access;
  const missing = needed[chain] - (await poolBalance(access, chain));
  if (missing <= 0n || funder.amount(chain, BALANCE) < missing * 2n) return;
  // The other pool pays the deposit out less its fee, and must keep what it owes itself.
  const other = otherChain(chain);
  const spare = (await poolBalance(access, other)) - needed[other];
  if (spare < (missing * (1000n - MAX_POOL_FEE)) / 1000n) return;
  if (chain === 2 && exitFee !== undefined) {
    if (funder.amount(2, TOKENS) < exitFee.amount) return;
    await funder.send(2, "FX", approveTokens(exitFee.token, contracts.pool[2], MaxUint256), signal);
  }
  const step = { kind: "send", ...fastCrossing(contracts, chain, missing, exitFee?.amount) } as const;
  await funder.cross(chain === 1 ? "FO" : "FX", step, signal);
}
