import { toBeHex } from "ethers";
import {
  callContract,
  classifyRpcError,
  isTransient,
  type Log,
  type Node,
} from "../../../engine/rpc/index.ts";
import { topicOf } from "../../decode.ts";
import { ABI } from "../contracts.ts";
import type { DepositId } from "./deposit-id.ts";

const FAST_BRIDGE = ABI.Teleportation;

/** The events that pay a deposit out: at once, or after its account had refused it. */
export const PAID: ReadonlyMap<string, string> = new Map(
  ["DisbursementSuccess", "DisbursementRetrySuccess"].map((event) => [topicOf(FAST_BRIDGE, event), event]),
);

/** Where disbursements are asked for. */
export interface DisbursementSources {
  readonly node: Pick<Node, "call" | "logs">;
  /** The fast bridge's contract on the chain that it pays out on. */
  readonly contract: string;
}

/**
 * The events that may have paid a deposit out: of that number, from whatever chain.
 *
 * @returns undefined where it was not paid; "unknown" where it was, and the node cannot tell by which transaction
 */
export async function disbursementsOf(
  { node, contract }: DisbursementSources,
  { sourceChainId, depositId }: DepositId,
): Promise<readonly Log[] | "unknown" | undefined> {
  const ask = (method: string, argument: bigint) =>
    callContract(node, FAST_BRIDGE, contract, method, [argument]);
  const [[next], [hasFailed]] = await Promise.all([
    ask("totalDisbursements", sourceChainId),
    ask("failedNativeDisbursements", depositId),
  ]);
  if (BigInt(String(next)) <= depositId) return undefined;
  try {
    const topics = [[...PAID.keys()], toBeHex(depositId, 32)];
    return await node.logs({ address: contract, topics, fromBlock: 0, toBlock: "latest" });
  } catch (error) {
    // Public nodes refuse to search so far back.
    const failure = classifyRpcError(error);
    if ((isTransient(failure) && failure !== "busy") || failure === "own mistake") throw error;
    // What failed is kept by its number alone: where another chain's did, this one may look as if it had.
    return hasFailed === true ? undefined : "unknown";
  }
}
