import type { Chain, PerChain } from "../../engine/base/index.ts";
import { type BlockTag, callContract, type Node } from "../../engine/rpc/index.ts";
import { type Contracts, POOL_ABI, POOL_ETH } from "./contracts.ts";

/** What an account has in a chain's pool. Wei. */
export interface PoolShare {
  readonly stake: bigint;
  /** Rewards it can withdraw once it has taken its stake out, which makes the pool share out what it earned. */
  readonly reward: bigint;
}

interface Access {
  readonly nodes: PerChain<Node>;
  readonly contracts: Contracts;
}

/** LiquidityPool counts rewards per staked wei in units of 1e-12. */
const PER_SHARE_UNIT = 10n ** 12n;

/** Reads an account's part of a chain's pool: LiquidityPool.userInfo, poolInfo and updateUserRewardPerShare. */
export async function poolShare(
  access: Access,
  chain: Chain,
  account: string,
  block?: BlockTag,
): Promise<PoolShare> {
  const { stake, debt, pending } = await ofUser(access, chain, account, block);
  // Without a stake nothing is added to what waits, and hundreds of children have none.
  if (stake === 0n) return { stake, reward: larger(0n, pending - debt) };
  const info = await read(access, chain, "poolInfo", [POOL_ETH[chain]], block);
  const [, , deposits = 0n, shared = 0n, earned = 0n, perShare = 0n] = info;
  const unshared = deposits === 0n ? 0n : ((earned - shared) * PER_SHARE_UNIT) / deposits;
  const reward = pending + (stake * (perShare + unshared)) / PER_SHARE_UNIT - debt;
  return { stake, reward: larger(0n, reward) };
}

/** The stake alone, in the state of a block. Wei. */
export const poolStake = async (
  access: Access,
  chain: Chain,
  account: string,
  block: BlockTag,
): Promise<bigint> => (await ofUser(access, chain, account, block)).stake;

const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b);

async function ofUser(access: Access, chain: Chain, account: string, block: BlockTag | undefined) {
  const values = await read(access, chain, "userInfo", [POOL_ETH[chain], account], block);
  const [stake = 0n, debt = 0n, pending = 0n] = values;
  return { stake, debt, pending };
}

async function read(
  { nodes, contracts }: Access,
  chain: Chain,
  method: string,
  args: readonly string[],
  block: BlockTag | undefined,
): Promise<readonly bigint[]> {
  const pool = contracts.pool[chain];
  const values = await callContract(nodes[chain], POOL_ABI[chain], pool, method, args, block);
  return values.map((value) => BigInt(String(value)));
}
