import type { PerChain } from "../../engine/base/index.ts";
import { callContract, type Node } from "../../engine/rpc/index.ts";
import { ABI, type Contracts } from "./contracts.ts";
import { PREDEPLOYS } from "./predeploys.ts";

/** Where the rollup's ETH is. Wei. */
export interface Supply {
  /** Held by the standard bridge on L1. */
  readonly bridge: bigint;
  /** ETH on L2 by the ETH predeploy's count. */
  readonly l2Supply: bigint;
  /** Fees collected on L2: the legacy vault, and the OP Stack's vaults for base fees and L1 data fees. */
  readonly feeVault: bigint;
}

export async function readSupply(nodes: PerChain<Node>, contracts: Contracts): Promise<Supply> {
  const [bridge, [l2Supply], ...vaults] = await Promise.all([
    nodes[1].balance(contracts.bridge[1]),
    callContract(nodes[2], ABI.ERC20, PREDEPLOYS.eth, "totalSupply"),
    nodes[2].balance(PREDEPLOYS.feeVault),
    nodes[2].balance(PREDEPLOYS.baseFeeVault),
    nodes[2].balance(PREDEPLOYS.l1FeeVault),
  ]);
  return {
    bridge,
    l2Supply: BigInt(String(l2Supply)),
    feeVault: vaults.reduce((sum, vault) => sum + vault, 0n),
  };
}
