import { callContract } from "../../engine/rpc/call-contract.ts";
import type { Connection } from "../../engine/run/connection.ts";
import { ABI } from "./contracts.ts";
import { PREDEPLOYS } from "./predeploys.ts";
import { quantity } from "../../engine/rpc/receipt.ts";

/** Where the rollup's ETH is. Wei. */
export interface Supply {
  /** Held by the standard bridge on L1. */
  readonly bridge: bigint;
  /** ETH on L2 by the ETH predeploy's count. */
  readonly l2Supply: bigint;
  /** Fees collected on L2: the legacy vault, and the OP Stack's vaults for base fees and L1 data fees. */
  readonly feeVault: bigint;
}

export async function readSupply({ rpcs, contracts }: Connection): Promise<Supply> {
  const balance = async (chain: 1 | 2, address: string): Promise<bigint> =>
    quantity(await rpcs[chain].send("eth_getBalance", [address, "latest"]));
  const [bridge, [l2Supply], ...vaults] = await Promise.all([
    balance(1, contracts.bridge[1]),
    callContract(rpcs[2], ABI.ERC20, PREDEPLOYS.eth, "totalSupply"),
    balance(2, PREDEPLOYS.feeVault),
    balance(2, PREDEPLOYS.baseFeeVault),
    balance(2, PREDEPLOYS.l1FeeVault),
  ]);
  return {
    bridge,
    l2Supply: BigInt(String(l2Supply)),
    feeVault: vaults.reduce((sum, vault) => sum + vault, 0n),
  };
}
