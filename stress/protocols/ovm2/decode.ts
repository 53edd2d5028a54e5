import type { Interface, Result } from "ethers";
import { type Log, MalformedAnswer } from "../../engine/rpc/index.ts";

/**
 * An event's arguments.
 *
 * @throws {MalformedAnswer} where its data are not what the ABI says: no contract emits such, so a node garbled it
 */
export function decodeEvent(abi: Interface, event: string, log: Log): Result {
  try {
    return abi.decodeEventLog(event, log.data, log.topics);
  } catch (error) {
    throw new MalformedAnswer(
      `the event ${event} of ${log.transactionHash} does not decode: ${String(error)}`,
    );
  }
}

/** The topic that an event is known by. */
export function topicOf(abi: Interface, event: string): string {
  const fragment = abi.getEvent(event);
  if (fragment === null) throw new Error(`the ABI has no event ${event}`);
  return fragment.topicHash;
}
