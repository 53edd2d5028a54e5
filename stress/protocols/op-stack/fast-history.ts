import type { Chain, PerChain } from "../../engine/base/index.ts";
import { otherChain } from "../../engine/base/index.ts";
import type { MessageId } from "../../engine/chain/index.ts";
import {
  callContract,
  classifyRpcError,
  isTransient,
  type Node,
  type TxHash,
} from "../../engine/rpc/index.ts";
import { type FastBridge, PAID_TOPICS } from "./fast-bridge.ts";
import { depositOf, TELEPORTATION } from "./teleportation.ts";

/**
 * The transaction that a deposit of the fast bridge was paid out with on a chain, if it was.
 *
 * @returns undefined where it was not, or failed and was not tried again with success; "unknown" where the node cannot tell more
 * than that it was
 */
export async function disbursementOf(
  nodes: PerChain<Node>,
  bridge: FastBridge,
  chain: Chain,
  message: MessageId,
): Promise<TxHash | "unknown" | undefined> {
  const { sourceChainId, depositId } = depositOf(message);
  if (sourceChainId !== bridge.chainIds[otherChain(chain)]) return undefined;
  const address = bridge.contracts[chain];
  const ask = (method: string, argument: bigint) =>
    callContract(nodes[chain], TELEPORTATION, address, method, [argument]);
  const [[disbursed], [failed]] = await Promise.all([
    ask("totalDisbursements", sourceChainId),
    // By the deposit's number alone, whatever chain it came from: where another's failed, this one is found by its event.
    ask("failedNativeDisbursements", depositId),
  ]);
  if (BigInt(String(disbursed)) <= depositId) return undefined;
  const topics = [[...PAID_TOPICS], toTopic(depositId)];
  try {
    const logs = await nodes[chain].logs({ address, topics, fromBlock: 0, toBlock: "latest" });
    return bridge.arrivals(chain, logs, () => undefined).find(({ id }) => id === message)?.hash;
  } catch (error) {
    // Public nodes refuse to search so far back.
    const failure = classifyRpcError(error);
    if ((isTransient(failure) && failure !== "busy") || failure === "own mistake") throw error;
    return failed === true ? undefined : "unknown";
  }
}

const toTopic = (value: bigint): string => `0x${value.toString(16).padStart(64, "0")}`;
