import { id } from "ethers";
import { ABI, POOL_ETH } from "../../stress/protocols/ovm2/contracts.ts";
import type { MessageId } from "../../stress/engine/chain/index.ts";
import { type CrossDomainMessage, messageId } from "../../stress/protocols/ovm2/messages.ts";
import { addressOf, contracts } from "./contracts.ts";
import type { FakeLog } from "./chain.ts";

/** An event of one of our ABIs, emitted at `address`. */
export function eventLog(
  address: string,
  abi: keyof typeof ABI,
  event: string,
  args: readonly unknown[],
): FakeLog {
  const fragment = ABI[abi].getEvent(event);
  if (fragment === null) throw new Error(`${abi} has no event ${event}`);
  const { data, topics } = ABI[abi].encodeEventLog(fragment, args);
  return { address, data, topics };
}

/** A message from one chain to the other; each number makes another one. */
export const messageOf = (number: number): CrossDomainMessage => ({
  target: addressOf(100),
  sender: addressOf(200),
  message: "0x1234",
  messageNonce: BigInt(number),
});

export const idOf = (number: number): MessageId => messageId(messageOf(number));

export function sent(messenger: string, number: number): FakeLog {
  const { target, sender, message, messageNonce } = messageOf(number);
  const args = [target, sender, message, messageNonce, 1_000_000n];
  return eventLog(messenger, "CrossDomainMessenger", "SentMessage", args);
}

export const relayed = (messenger: string, message: MessageId): FakeLog =>
  eventLog(messenger, "CrossDomainMessenger", "RelayedMessage", [message]);

export const relayFailed = (messenger: string, message: MessageId): FakeLog =>
  eventLog(messenger, "CrossDomainMessenger", "FailedRelayedMessage", [message]);

/** A payout of one of the pools. */
export function poolPays(
  event: "ClientPayL1" | "ClientPayL2" | "ClientPayL1Settlement" | "ClientPayL2Settlement",
  to: string,
  amount: bigint,
): FakeLog {
  const chain = event.startsWith("ClientPayL1") ? 1 : 2;
  const abi = chain === 1 ? "L1LiquidityPool" : "L2LiquidityPool";
  return eventLog(contracts.pool[chain], abi, event, [to, amount, 0n, 0n, 0n, POOL_ETH[chain]]);
}

/** An event that nobody waits for. */
export const noise = (address: string): FakeLog => ({ address, topics: [id("Noise()")], data: "0x" });
