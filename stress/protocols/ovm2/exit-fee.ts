import { ZeroAddress } from "ethers";
import { callContract, classifyRpcError, type Node } from "../../engine/rpc/index.ts";
import { ABI, type Contracts } from "./contracts.ts";

/** What a fast exit costs beside gas: an amount of an ERC-20 token on L2, which the L2 pool takes from the child. */
export interface ExitFee {
  readonly token: string;
  /** Smallest units of the token. */
  readonly amount: bigint;
}

/** The L2 pool's exit fee, from its billing contract; undefined where there is none. */
export async function readExitFee(l2: Node, contracts: Contracts): Promise<ExitFee | undefined> {
  const billing = await billingContract(l2, contracts);
  if (billing === ZeroAddress) return undefined;
  const read = async (method: string): Promise<string> =>
    String((await callContract(l2, ABI.L2BillingContract, billing, method))[0]);
  const [amount, token] = await Promise.all([read("exitFee"), read("feeTokenAddress")]);
  return BigInt(amount) === 0n ? undefined : { token, amount: BigInt(amount) };
}

async function billingContract(l2: Node, contracts: Contracts): Promise<string> {
  try {
    const [billing] = await callContract(
      l2,
      ABI.L2LiquidityPool,
      contracts.pool[2],
      "billingContractAddress",
    );
    return String(billing);
  } catch (error) {
    // Pools from before the fee know no billing contract, and revert.
    if (classifyRpcError(error) !== "reverted") throw error;
    return ZeroAddress;
  }
}
