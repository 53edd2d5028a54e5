import type { Chain } from "../base/index.ts";
import { type BlockTag, type Node } from "../rpc/index.ts";
import { amountOf, BALANCE, type Holding } from "./holding.ts";

/** How an asset is told in reports and results. */
export interface AssetName {
  /** Its name in the books. */
  readonly name: string;
  /** What people call it. */
  readonly label: string;
  /** Whether it is ETH, in whatever form: its amounts are wei, and count as such in sums. */
  readonly isEther: boolean;
}

/** Something of value that accounts own and the books count. */
export interface Asset extends AssetName {
  readonly chains: readonly Chain[];
  /** Whether only an account that has sent a transaction on a chain can have any of it there. Default: any account can. */
  readonly isOfSenders?: boolean;
  /** What an account has of it in the state of a block, in smallest units. */
  read(account: string, chain: Chain, block: BlockTag): Promise<bigint>;
}

/** ETH in accounts' own hands. */
export const balanceAsset = (nodes: Readonly<Record<Chain, Pick<Node, "balance">>>): Asset => ({
  name: BALANCE,
  label: "balance",
  isEther: true,
  chains: [1, 2],
  read: (account, chain, block) => nodes[chain].balance(account, block),
});

/** Reads what an account owns on a chain in the state of one block. */
export async function readHolding(
  assets: readonly Asset[],
  account: string,
  chain: Chain,
  block: BlockTag,
): Promise<Holding> {
  const here = assets.filter(({ chains }) => chains.includes(chain));
  const amounts = await Promise.all(here.map((asset) => asset.read(account, chain, block)));
  return Object.fromEntries(here.map(({ name }, at) => [name, amounts[at] ?? 0n]));
}

/** All that is ETH in a holding. Wei. */
export const etherIn = (holding: Holding, assets: readonly AssetName[]): bigint =>
  assets.reduce((sum, { name, isEther }) => (isEther ? sum + amountOf(holding, name) : sum), 0n);
