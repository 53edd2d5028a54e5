import { toBeHex } from "ethers";
import { callContract, type Log, type Node } from "../../../engine/rpc/index.ts";
import { topicOf } from "../../decode.ts";
import { latestEvents } from "../../past-events.ts";
import type { BlockRange } from "../../protocol.ts";
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
  within?: BlockRange,
): Promise<readonly Log[] | "unknown" | undefined> {
  const ask = (method: string, argument: bigint) =>
    callContract(node, FAST_BRIDGE, contract, method, [argument], within?.toBlock);
  const [[next], [hasFailed]] = await Promise.all([
    ask("totalDisbursements", sourceChainId),
    ask("failedNativeDisbursements", depositId),
  ]);
  if (BigInt(String(next)) <= depositId) return undefined;
  const topics = [[...PAID.keys()], toBeHex(depositId, 32)];
  const logs = await latestEvents(node, { address: contract, topics }, within);
  // What failed is kept by its number alone: where another chain's did, this one may look as if it had.
  return logs === "unknown" && hasFailed === true ? undefined : logs;
}
