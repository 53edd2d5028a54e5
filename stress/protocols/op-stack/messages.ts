import { keccak256 } from "ethers";
import type { Chain } from "../../engine/base/index.ts";
import type { MessageId } from "../../engine/chain/index.ts";
import type { Log } from "../../engine/rpc/index.ts";
import { decodeEvent, topicOf } from "../decode.ts";
import { ABI, type Contracts } from "./contracts.ts";

/** A message between the chains, as the sending messenger tells it. Wei. */
export interface CrossDomainMessage {
  readonly messageNonce: bigint;
  readonly sender: string;
  readonly target: string;
  readonly value: bigint;
  readonly minGas: bigint;
  readonly message: string;
}

const MESSENGER = ABI.CrossDomainMessenger;

export const SENT = topicOf(MESSENGER, "SentMessage");

/** It comes right behind, and has the value, which the older event has no room for. */
export const SENT_VALUE = topicOf(MESSENGER, "SentMessageExtension1");

/** The call that stands for a message on the receiving chain, and that carries it out once more where it failed there. */
export const encodeRelay = ({
  messageNonce,
  sender,
  target,
  value,
  minGas,
  message,
}: CrossDomainMessage): string =>
  MESSENGER.encodeFunctionData("relayMessage", [messageNonce, sender, target, value, minGas, message]);

/**
 * The first topic of the receiving messenger's `RelayedMessage`: `Hashing.hashCrossDomainMessageV1`, which is `keccak256` of the
 * relaying call.
 */
export const messageId = (message: CrossDomainMessage): MessageId =>
  keccak256(encodeRelay(message)) as MessageId;

/** The messages that a chain's messenger sent among these events, in their order. */
export function sentMessages(
  chain: Chain,
  logs: readonly Log[],
  { messenger }: Pick<Contracts, "messenger">,
): CrossDomainMessage[] {
  const own = logs.filter(({ address }) => address === messenger[chain].toLowerCase());
  return own.flatMap((log, at) => {
    if (log.topics[0] !== SENT) return [];
    const { target, sender, message, messageNonce, gasLimit } = decodeEvent(MESSENGER, "SentMessage", log);
    const next = own[at + 1];
    const value =
      next?.topics[0] === SENT_VALUE && next.transactionHash === log.transactionHash
        ? BigInt(decodeEvent(MESSENGER, "SentMessageExtension1", next)["value"])
        : 0n;
    return {
      messageNonce: BigInt(messageNonce),
      sender: String(sender),
      target: String(target),
      value,
      minGas: BigInt(gasLimit),
      message: String(message),
    };
  });
}

/** The lower 240 bits of a message's nonce: the version is above them. */
export const placeOf = ({ messageNonce }: Pick<CrossDomainMessage, "messageNonce">): bigint =>
  BigInt.asUintN(240, messageNonce);
