import { toQuantity } from "ethers";
import {
  type CrossDomainMessage,
  encodeRelay,
  messageId,
} from "../../../../stress/protocols/op-stack/messages.ts";
import type { FakeLog } from "../../../fakes/chain.ts";
import type { Call, Effect, Place } from "../call.ts";
import { callBridge } from "./bridge.ts";
import { AT, L1_MESSENGER_ON_L2, nonceOf } from "./contracts.ts";
import { callFastBridge } from "./fast-bridge.ts";
import { L1State } from "./l1-state.ts";
import { readL1 } from "./l1-view.ts";
import { callMessenger, sentLogs } from "./messenger.ts";
import { callPortal, depositLog } from "./portal.ts";
import { callToken } from "./token.ts";

/** Gas of a relay on L2, beside what the message asks for. */
const RELAY_GAS = 200_000n;

/** The state of L1, with what its contracts do. */
export class L1Chain extends L1State {
  copy(): this {
    return new L1Chain(this.fate, this.tries, this) as this;
  }

  override begin({ timestamp }: Place): void {
    this.now = timestamp;
  }

  execute(place: Place, call: Call): Effect {
    if (call.to === AT.portal) return callPortal(this, place, call);
    if (call.to === AT.bridge[1]) return callBridge(this, call);
    if (call.to === AT.messenger[1]) return callMessenger(this, call);
    if (call.to === AT.fastBridge[1]) return callFastBridge(this, call);
    if (call.to === AT.token[1]) return callToken(this, call);
    return [];
  }

  /** Through the messenger, which deposits it in the portal. */
  send(message: Omit<CrossDomainMessage, "messageNonce">): readonly FakeLog[] {
    const whole = { ...message, messageNonce: nonceOf(this.sent.length) };
    this.sent.push(messageId(whole));
    const deposit = {
      from: L1_MESSENGER_ON_L2,
      to: AT.messenger[2],
      value: message.value,
      gas: message.minGas + RELAY_GAS,
      data: encodeRelay(whole),
    };
    return [depositLog(deposit), ...sentLogs(AT.messenger[1], whole)];
  }

  override header(_: string, timestamp: number): Readonly<Record<string, unknown>> {
    return { timestamp: toQuantity(timestamp) };
  }

  protected read(to: string, data: string): string {
    return readL1(this, to, data);
  }
}
