import { getAddress, Interface, keccak256, toBeHex } from "ethers";

/** A message between the chains, as the sending messenger's `SentMessage` event tells it. */
export interface CrossDomainMessage {
  readonly target: string;
  readonly sender: string;
  readonly message: string;
  readonly messageNonce: bigint;
}

/** What ties a payout to its one deposit: the cross-domain message hash. */
export type MessageId = string & { readonly __brand: "message id" };

const relayed = new Interface([
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
