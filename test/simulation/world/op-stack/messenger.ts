import { ABI } from "../../../../stress/protocols/op-stack/contracts.ts";
import { type CrossDomainMessage, messageId } from "../../../../stress/protocols/op-stack/messages.ts";
import type { FakeLog } from "../../../fakes/chain.ts";
import type { Call, Effect } from "../call.ts";
import { parseCall } from "../calls.ts";
import { type Answers, answered } from "./answers.ts";
import { finalise } from "./bridge.ts";
import { AT, L1_MESSENGER_ON_L2 } from "./contracts.ts";
import { logOf } from "./events.ts";
import type { OpState } from "./state.ts";

const MESSENGER = ABI.CrossDomainMessenger;

/** What a messenger tells of a message that it sends. */
export const sentLogs = (messenger: string, message: CrossDomainMessage): FakeLog[] => {
  const { target, sender, messageNonce, minGas, value } = message;
  return [
    logOf(messenger, MESSENGER, "SentMessage", [target, sender, message.message, messageNonce, minGas]),
    logOf(messenger, MESSENGER, "SentMessageExtension1", [sender, value]),
  ];
};

/** The message that a call of a messenger relays. */
export function messageIn(data: string): CrossDomainMessage | undefined {
  const call = parseCall(MESSENGER, data);
  if (call?.name !== "relayMessage") return undefined;
  const [messageNonce, sender, target, value, minGas, message] = call.args.toArray().map(String);
  return {
    messageNonce: BigInt(messageNonce ?? 0),
    sender: sender ?? "",
    target: target ?? "",
    value: BigInt(value ?? 0),
    minGas: BigInt(minGas ?? 0),
    message: message ?? "0x",
  };
}

/** A call of a messenger: by the other chain's, or by anybody who has carried out again what had failed. */
export function callMessenger(state: OpState, { from, data, value }: Call): Effect {
  const message = messageIn(data);
  if (message === undefined) return undefined;
  if (state.chain === 2 && from === L1_MESSENGER_ON_L2) return relay(state, message);
  const id = messageId(message);
  if (value > 0n || !state.failed.has(id)) return undefined;
  return relay(state, message);
}

/** Carries a message out, or fails to: then the messenger keeps its ETH. Undefined where it was carried out before. */
export function relay(state: OpState, message: CrossDomainMessage): Effect {
  const id = messageId(message);
  if (state.relayed.has(id)) return undefined;
  const messenger = AT.messenger[state.chain];
  const isFirst = !state.failed.has(id);
  const paid = isFirst && state.fate.failsFirst(id) ? undefined : finalise(state, message);
  if (paid === undefined) {
    state.failed.set(id, message);
    return [logOf(messenger, MESSENGER, "FailedRelayedMessage", [id])];
  }
  state.failed.delete(id);
  state.relayed.add(id);
  return [...paid, logOf(messenger, MESSENGER, "RelayedMessage", [id])];
}

/** Gas that carrying a message out once more takes. */
const BASE_GAS = 400_000n;

export const readMessenger = (state: OpState, data: string, more: Answers): string =>
  answered([MESSENGER], data, {
    otherMessenger: () => [AT.messenger[state.chain === 1 ? 2 : 1]],
    successfulMessages: (id = "") => [state.relayed.has(id)],
    failedMessages: (id = "") => [state.failed.has(id)],
    baseGas: () => [BASE_GAS],
    ...more,
  });
