import type { Chain, PerChain } from "../../engine/base/index.ts";
import { type BlockTag, callContract, type Node } from "../../engine/rpc/index.ts";
import { type Contracts, POOL_ABI, POOL_ETH } from "./contracts.ts";

/** What an account has in a chain's pool. Wei. */
export interface PoolShare {
  readonly stake: bigint;
  /** Rewards it can withdraw once it has taken its stake out, which makes the pool share out what it earned. */
  readonly reward: bigint;
}

/** LiquidityPool counts rewards per staked wei in units of 1e-12. */
const PER_SHARE_UNIT = 10n ** 12n;

/** Reads an account's part of a chain's pool: LiquidityPool.userInfo, poolInfo and updateUserRewardPerShare. */
export async function poolShare(
  { nodes, contracts }: { readonly nodes: PerChain<Node>; readonly contracts: Contracts },
  chain: Chain,
  account: string,
  block?: BlockTag,
): Promise<PoolShare> {
  const read = async (method: string, ...args: string[]): Promise<bigint[]> => {
    const values = await callContract(
      nodes[chain],
      POOL_ABI[chain],
      contracts.pool[chain],
      method,
      args,
      block,
    );
    return values.map((value) => BigInt(String(value)));
  };
  const [[stake = 0n, debt = 0n, pending = 0n], info] = await Promise.all([
    read("userInfo", POOL_ETH[chain], account),
    read("poolInfo", POOL_ETH[chain]),
  ]);
  const [, , deposits = 0n, shared = 0n, earned = 0n, perShare = 0n] = info;
  const unshared = deposits === 0n ? 0n : ((earned - shared) * PER_SHARE_UNIT) / deposits;
  const reward = pending + (stake * (perShare + unshared)) / PER_SHARE_UNIT - debt;
  return { stake, reward: reward > 0n ? reward : 0n };
}
