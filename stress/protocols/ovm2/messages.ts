import { getAddress, keccak256, toBeHex } from "ethers";
import type { Chain } from "../../engine/base/index.ts";
import type { MessageId } from "../../engine/chain/index.ts";
import type { Log } from "../../engine/rpc/index.ts";
import { ABI, type Contracts } from "./contracts.ts";
import { decodeEvent, topicOf } from "../decode.ts";
import { Abi } from "../abi.ts";

/** A message between the chains, as the sending messenger's `SentMessage` event tells it. */
export interface CrossDomainMessage {
  readonly target: string;
  readonly sender: string;
  readonly message: string;
  readonly messageNonce: bigint;
}

const relayed = new Abi([
  "function relayMessage(address target, address sender, bytes message, uint256 messageNonce)",
]);

/** The call that stands for a message on the receiving chain: Lib_CrossDomainUtils.encodeXDomainCalldata. */
export const encodeMessage = ({ target, sender, message, messageNonce }: CrossDomainMessage): string =>
  relayed.encodeFunctionData("relayMessage", [target, sender, message, messageNonce]);

/** `keccak256` of the encoded message: the first topic of the receiving messenger's `RelayedMessage`. */
export const messageId = (message: CrossDomainMessage): MessageId =>
  keccak256(encodeMessage(message)) as MessageId;

const ALIAS_OFFSET = 0x1111000000000000000000000000000000001111n;

/** The address under which an L1 contract acts on L2: AddressAliasHelper.applyL1ToL2Alias. */
export const aliasOf = (l1Contract: string): string =>
  getAddress(toBeHex(BigInt.asUintN(160, BigInt(l1Contract) + ALIAS_OFFSET), 20));

const SENT = topicOf(ABI.CrossDomainMessenger, "SentMessage");

/** The message that the messengers of a chain sent among these events, if any. */
export function sentMessage(
  chain: Chain,
  logs: readonly Log[],
  contracts: Contracts,
): CrossDomainMessage | undefined {
  const senders = contracts.messengers[chain].map((address) => address.toLowerCase());
  const log = logs.find(({ address, topics: [topic] }) => senders.includes(address) && topic === SENT);
  if (log === undefined) return undefined;
  const { target, sender, message, messageNonce } = decodeEvent(ABI.CrossDomainMessenger, "SentMessage", log);
  return {
    target: String(target),
    sender: String(sender),
    message: String(message),
    messageNonce: BigInt(messageNonce),
  };
}
