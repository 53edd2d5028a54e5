import type { Chain } from "../../../../stress/engine/base/index.ts";
import type { MessageId } from "../../../../stress/engine/chain/index.ts";
import type { CrossDomainMessage } from "../../../../stress/protocols/ovm2/messages.ts";
import { ChainState } from "../state.ts";

/** A message that a chain sent, as its relay needs it. */
export interface SentMessage extends CrossDomainMessage {
  readonly id: MessageId;
  readonly kind: "fast" | "slow" | "settlement";
  readonly to: string;
  readonly amount: bigint;
  /** Block it was sent in. */
  readonly block: number;
  /** Unix milliseconds of that block. */
  readonly at: number;
}

/** What a chain of a legacy rollup has in the state of one block. */
export abstract class OvmState extends ChainState {
  readonly chain: Chain;
  readonly stakes: Map<string, bigint>;
  readonly sent: SentMessage[];
  readonly relayed: Set<MessageId>;
  messageNonce: bigint;

  constructor(chain: Chain, from?: OvmState) {
    super(from);
    this.chain = chain;
    this.stakes = new Map(from?.stakes);
    this.sent = [...(from?.sent ?? [])];
    this.relayed = new Set(from?.relayed);
    this.messageNonce = from?.messageNonce ?? 0n;
  }

  stake(account: string): bigint {
    return this.stakes.get(account) ?? 0n;
  }

  /** All stakes together. */
  get liquidity(): bigint {
    return [...this.stakes.values()].reduce((sum, wei) => sum + wei, 0n);
  }
}
