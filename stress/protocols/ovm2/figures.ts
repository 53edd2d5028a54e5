import { parseUnits } from "ethers";
import { ether, exactEther, gwei, type PerChain, perChainAsync, reasonOf } from "../../engine/base/index.ts";
import { classifyRpcError, type Node } from "../../engine/rpc/index.ts";
import type { BridgeFigures, FiguresOptions } from "../protocol.ts";
import { BatchGas } from "./batch-gas.ts";
import type { Contracts } from "./contracts.ts";
import type { Pools } from "./pools.ts";
import { readSupply } from "./supply.ts";

/** What a run reports of its bridge: pools, supply, fee vault, and what batches cost. */
export async function openFigures(
  nodes: PerChain<Node>,
  contracts: Contracts,
  pools: Pools,
  { stream, say, batchGasPriceGwei }: FiguresOptions,
): Promise<BridgeFigures> {
  const { feeVault: vaultAtStart } = await readSupply(nodes, contracts);
  const batchGas = new BatchGas(stream, nodes[1], contracts, say);
  const closingPools = async (): Promise<string[]> => {
    const [{ feeVault }, held] = await Promise.all([
      readSupply(nodes, contracts),
      perChainAsync((chain) => nodes[chain].balance(contracts.pool[chain])),
    ]);
    return [
      `pools: L1 ${exactEther(held[1])}, L2 ${exactEther(held[2])} ETH`,
      `fee vault: +${exactEther(feeVault - vaultAtStart)} ETH`,
    ];
  };
  return {
    statistics: async () => {
      const { bridge, l2Supply, feeVault } = await readSupply(nodes, contracts);
      const [l1, l2, collected] = [pools.balance(1), pools.balance(2), feeVault - vaultAtStart];
      return {
        line:
          `pools L1 ${ether(l1)} L2 ${ether(l2)}, bridge ${ether(bridge)}, ` +
          `L2 supply ${ether(l2Supply)}, fee vault +${ether(collected)} ETH`,
        levels: { "pool on L1": l1, "pool on L2": l2, bridge, "fee vault": collected },
      };
    },
    closing: async () => {
      const cost = `${batchGas.describe()}, ${batchCost(batchGas, batchGasPriceGwei)}`;
      try {
        return [...(await closingPools()), cost];
      } catch (error) {
        if (classifyRpcError(error) === "own mistake") throw error;
        // A chain that does not answer any more does not cost the rest of the report.
        return [`pools and fee vault could not be read: ${reasonOf(error)}`, cost];
      }
    },
    close: () => batchGas.close(),
  };
}

/** What the batches cost: at the target's gas price where it names one, else what was paid. */
function batchCost({ ctc, scc }: BatchGas, configuredGwei: number | undefined): string {
  const gas = ctc.gasUsed + scc.gasUsed;
  const paid = ctc.fees + scc.fees;
  if (configuredGwei === undefined)
    return `${exactEther(paid)} ETH at ${gwei(gas === 0n ? 0n : paid / gas)} gwei`;
  const price = parseUnits(configuredGwei.toFixed(9), "gwei");
  return `${exactEther(gas * price)} ETH at ${configuredGwei} gwei`;
}
