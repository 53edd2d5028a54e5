import type { MessageId } from "../../engine/chain/index.ts";
import type { Log, TxHash } from "../../engine/rpc/index.ts";
import { topicOf } from "../decode.ts";
import { ABI } from "./contracts.ts";

/** A message that a messenger carried out, or tried to. */
export interface Relay {
  readonly id: MessageId;
  readonly succeeded: boolean;
  readonly hash: TxHash;
  readonly blockNumber: number;
  /** Place of the messenger's own event in the block. */
  readonly logIndex: number;
  /** The events of its own part of the transaction, the messenger's left out. */
  readonly logs: readonly Log[];
}

const RELAYED = topicOf(ABI.CrossDomainMessenger, "RelayedMessage");
const RELAY_FAILED = topicOf(ABI.CrossDomainMessenger, "FailedRelayedMessage");

/** The events by which relays are noticed. */
export const RELAY_TOPICS: readonly string[] = [RELAYED, RELAY_FAILED];

/**
 * The messages that a messenger relayed in one block. A transaction may relay several: the events of each stand before the
 * messenger's own, which it emits after it called the target.
 *
 * @param messenger in lower case
 */
export function* relaysIn(logs: readonly Log[], messenger: string): Generator<Relay> {
  let part: Log[] = [];
  let transaction: TxHash | undefined;
  for (const log of logs) {
    if (log.transactionHash !== transaction) part = [];
    transaction = log.transactionHash;
    const [topic = "", id] = log.topics;
    if (log.address !== messenger || !RELAY_TOPICS.includes(topic)) {
      part.push(log);
      continue;
    }
    yield {
      id: id as MessageId,
      succeeded: topic === RELAYED,
      hash: log.transactionHash,
      blockNumber: log.blockNumber,
      logIndex: log.logIndex,
      logs: part,
    };
    part = [];
  }
}
