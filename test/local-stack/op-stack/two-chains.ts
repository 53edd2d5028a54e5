import { type LocalChain, startChains } from "../../../fixtures/local-stack/chains.ts";
import { type PerChain, perChainAsync } from "../../../stress/engine/base/chain.ts";

/** Two Hardhat chains without anything on them, for what is deployed and served by hand. Every transaction is mined at once. */
export async function openTwoChains(): Promise<PerChain<LocalChain>> {
  const chains = await startChains({});
  await setAutomine(chains, true);
  return chains;
}

/** Whether each transaction is mined at once, or with the blocks that the test mines. */
export const setAutomine = (chains: PerChain<LocalChain>, on: boolean): Promise<unknown> =>
  perChainAsync((chain) => chains[chain].provider.request({ method: "evm_setAutomine", params: [on] }));
