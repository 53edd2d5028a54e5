import type { Log, TxHash } from "../../engine/rpc/index.ts";
import type { MessageId } from "../../engine/chain/index.ts";
import { ABI } from "./contracts.ts";
import { topicOf } from "../decode.ts";

/** A message that arrived: the events of its own part of the relaying transaction, the relay's own event left out. */
export interface RelayedMessage {
  readonly id: MessageId;
  /** The messenger that relayed it, in lower case. */
  readonly messenger: string;
  readonly hash: TxHash;
  readonly blockNumber: number;
  /** Place of the messenger's own event in the block. */
  readonly logIndex: number;
  readonly logs: readonly Log[];
}

const RELAYED = topicOf(ABI.CrossDomainMessenger, "RelayedMessage");
const RELAY_FAILED = topicOf(ABI.CrossDomainMessenger, "FailedRelayedMessage");

/** The events by which relayed messages are noticed. */
export const RELAY_TOPICS: readonly string[] = [RELAYED, RELAY_FAILED];

/**
 * The messages relayed in one block. A transaction may relay several: the events of each stand before its own
 * `RelayedMessage`, because the messenger emits that after it called the target.
 */
export function* relayedMessages(
  logs: readonly Log[],
  warn: (line: string) => void,
): Generator<RelayedMessage> {
  let part: Log[] = [];
  let transaction: TxHash | undefined;
  for (const log of logs) {
    if (log.transactionHash !== transaction) part = [];
    transaction = log.transactionHash;
    const [topic, id] = log.topics;
    if (topic === RELAY_FAILED)
      warn(`WARNING message ${id} failed when relayed by ${transaction}; it may come again`);
    if (topic !== RELAYED && topic !== RELAY_FAILED) {
      part.push(log);
      continue;
    }
    if (topic === RELAYED) {
      yield {
        id: id as MessageId,
        messenger: log.address,
        hash: log.transactionHash,
        blockNumber: log.blockNumber,
        logIndex: log.logIndex,
        logs: part,
      };
    }
    part = [];
  }
}
