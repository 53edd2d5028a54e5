import { describeDuration, ether, exactEther, type PerChain, reasonOf } from "../../engine/base/index.ts";
import { classifyRpcError, type Node } from "../../engine/rpc/index.ts";
import type { BridgeFigures } from "../protocol.ts";
import type { Contracts } from "./contracts.ts";
import { PREDEPLOYS } from "./predeploys.ts";
import type { Withdrawals } from "./withdrawals/withdrawals.ts";

/** Where L2 collects what transactions are charged: priority fees, base fees, fees for data on L1, operator fees. */
const VAULTS = [
  PREDEPLOYS.sequencerFeeVault,
  PREDEPLOYS.baseFeeVault,
  PREDEPLOYS.l1FeeVault,
  PREDEPLOYS.operatorFeeVault,
] as const;

/** What a run reports of its bridge: the ETH that it keeps on L1 and what L2's fee vaults took. */
export async function openFigures(
  nodes: PerChain<Node>,
  { portal }: Contracts,
  withdrawals: Pick<Withdrawals, "left" | "takes">,
): Promise<BridgeFigures> {
  const left = (): string[] =>
    withdrawals.left === 0
      ? []
      : [
          `${withdrawals.left} withdrawals are proved and left: each can be finalised ${describeDuration(withdrawals.takes)} ` +
            "after its proof (op.log tells when), by npm run recover",
        ];
  const read = async () => {
    const [kept, ...vaults] = await Promise.all([
      nodes[1].balance(portal),
      ...VAULTS.map((vault) => nodes[2].balance(vault)),
    ]);
    return { kept, vaults: vaults.reduce((sum, wei) => sum + wei, 0n) };
  };
  const { vaults: atStart } = await read();
  return {
    statistics: async () => {
      const { kept, vaults } = await read();
      const collected = vaults - atStart;
      return {
        line: `portal ${ether(kept)}, fee vaults +${ether(collected)} ETH`,
        levels: { portal: kept, "fee vaults": collected },
      };
    },
    closing: async () => {
      try {
        const { kept, vaults } = await read();
        return [
          `portal: ${exactEther(kept)} ETH; fee vaults: +${exactEther(vaults - atStart)} ETH`,
          ...left(),
        ];
      } catch (error) {
        if (classifyRpcError(error) === "own mistake") throw error;
        // A chain that does not answer any more does not cost the rest of the report.
        return [`portal and fee vaults could not be read: ${reasonOf(error)}`, ...left()];
      }
    },
    close: async () => undefined,
  };
}
