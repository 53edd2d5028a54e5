import { concat, id, keccak256, toQuantity, ZeroHash } from "ethers";
import { MerkleTrie } from "../../../../fixtures/local-stack/merkle-trie.ts";
import { GAS_PRICE_ORACLE } from "../../../../stress/protocols/fees.ts";
import { ABI } from "../../../../stress/protocols/op-stack/contracts.ts";
import {
  type CrossDomainMessage,
  encodeRelay,
  messageId,
} from "../../../../stress/protocols/op-stack/messages.ts";
import { PREDEPLOYS } from "../../../../stress/protocols/op-stack/predeploys.ts";
import { slotOf } from "../../../../stress/protocols/op-stack/withdrawals/withdrawal.ts";
import type { FakeLog } from "../../../fakes/chain.ts";
import type { Call, Effect, Place } from "../call.ts";
import { DATA_FEE } from "../fees.ts";
import { answered, reverted } from "./answers.ts";
import { callBridge } from "./bridge.ts";
import { AT, nonceOf } from "./contracts.ts";
import { logOf } from "./events.ts";
import { callFastBridge, readFastBridge } from "./fast-bridge.ts";
import { callMessenger, readMessenger, sentLogs } from "./messenger.ts";
import { type Fate, OpState } from "./state.ts";
import { callToken, readToken } from "./token.ts";
import { hashOf } from "./withdrawal.ts";

/** What a slot has of a withdrawal that was made. */
export const MADE = "0x01";

/** Tries of withdrawals by their roots: what L1's portal can be shown that something is in. */
export type Tries = Map<string, MerkleTrie>;

/** Gas of a withdrawal on L1, beside what its message asks for. */
const RELAY_GAS = 300_000n;

/** What L2 has in the state of one block. */
export class L2State extends OpState {
  readonly #tries: Tries;
  #withdrawals: MerkleTrie;
  /** The last of L1's blocks whose deposits it has, and how many it has had. */
  derivedTo: number;
  derived: number;

  constructor(fate: Fate, tries: Tries, from?: L2State) {
    super(2, fate, from);
    this.#tries = tries;
    this.#withdrawals = from === undefined ? MerkleTrie.EMPTY : from.#withdrawals;
    this.derivedTo = from?.derivedTo ?? 0;
    this.derived = from?.derived ?? 0;
  }

  copy(): this {
    return new L2State(this.fate, this.#tries, this) as this;
  }

  execute(_: Place, call: Call): Effect {
    if (call.to === AT.bridge[2]) return callBridge(this, call);
    if (call.to === AT.messenger[2]) return callMessenger(this, call);
    if (call.to === AT.fastBridge[2]) return callFastBridge(this, call);
    if (call.to === AT.token[2]) return callToken(this, call);
    return [];
  }

  /** Through the messenger, which has the passer keep that there was a withdrawal. */
  send(message: Omit<CrossDomainMessage, "messageNonce">): readonly FakeLog[] {
    const nonce = nonceOf(this.sent.length);
    const whole = { ...message, messageNonce: nonce };
    const data = encodeRelay(whole);
    const gasLimit = message.minGas + RELAY_GAS;
    const withdrawal = {
      nonce,
      sender: AT.messenger[2],
      target: AT.messenger[1],
      value: message.value,
      gasLimit,
      data,
    };
    const hash = hashOf(withdrawal);
    this.sent.push(messageId(whole));
    this.#withdrawals = this.#withdrawals.with(slotOf(hash), MADE);
    this.#tries.set(this.#withdrawals.root, this.#withdrawals);
    const { sender, target, value } = withdrawal;
    const args = [nonce, sender, target, value, gasLimit, data, hash];
    return [
      logOf(AT.passer, ABI.L2ToL1MessagePasser, "MessagePassed", args),
      ...sentLogs(AT.messenger[2], whole),
    ];
  }

  override header(hash: string, timestamp: number): Readonly<Record<string, unknown>> {
    return { timestamp: toQuantity(timestamp), stateRoot: stateRootOf(hash) };
  }

  override proof(slots: readonly string[]): Readonly<Record<string, unknown>> {
    const trie = this.#withdrawals;
    return {
      storageHash: trie.root,
      storageProof: slots.map((key) => ({ key, value: trie.value(key) ?? "0x0", proof: trie.proof(key) })),
    };
  }

  /** The output root of its block, version 0 (specs.optimism.io/protocol/proposals.html). */
  outputRoot(hash: string): string {
    return keccak256(concat([ZeroHash, stateRootOf(hash), this.#withdrawals.root, hash]));
  }

  protected read(to: string, data: string): string {
    if (data === "0x") return "0x";
    if (to === AT.messenger[2]) return readMessenger(this, data, {});
    if (to === AT.fastBridge[2]) return readFastBridge(this, data);
    if (to === AT.token[2]) return readToken(this, data);
    if (to === AT.bridge[2])
      return answered([ABI.StandardBridge], data, { otherBridge: () => [AT.bridge[1]] });
    if (to !== PREDEPLOYS.gasPriceOracle.toLowerCase()) throw reverted();
    return answered([GAS_PRICE_ORACLE], data, { getL1Fee: () => [DATA_FEE], getOperatorFee: () => [0n] });
  }
}

/** The world has no state but what it tells: the header's word for it is as good as any. */
const stateRootOf = (hash: string): string => id(`state ${hash}`);
