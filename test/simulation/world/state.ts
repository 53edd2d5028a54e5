import type { MessageId } from "../../../stress/engine/chain/index.ts";
import type { CrossDomainMessage } from "../../../stress/protocols/ovm2/messages.ts";

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

/** What a chain has in the state of one block. Addresses in lower case, amounts in wei. */
export class ChainState {
  readonly balances: Map<string, bigint>;
  readonly nonces: Map<string, number>;
  readonly stakes: Map<string, bigint>;
  readonly sent: SentMessage[];
  readonly relayed: Set<MessageId>;
  messageNonce: bigint;

  constructor(from?: ChainState) {
    this.balances = new Map(from?.balances);
    this.nonces = new Map(from?.nonces);
    this.stakes = new Map(from?.stakes);
    this.sent = [...(from?.sent ?? [])];
    this.relayed = new Set(from?.relayed);
    this.messageNonce = from?.messageNonce ?? 0n;
  }

  balance(account: string): bigint {
    return this.balances.get(account) ?? 0n;
  }

  nonce(account: string): number {
    return this.nonces.get(account) ?? 0;
  }

  stake(account: string): bigint {
    return this.stakes.get(account) ?? 0n;
  }

  /** Changes a balance. @returns false, and nothing changes, where there is too little */
  credit(account: string, wei: bigint): boolean {
    const after = this.balance(account) + wei;
    if (after < 0n) return false;
    this.balances.set(account, after);
    return true;
  }

  move(from: string, to: string, wei: bigint): boolean {
    return this.credit(from, -wei) && this.credit(to, wei);
  }

  /** Takes over what was tried on a copy. */
  adopt(tried: ChainState): void {
    for (const [account, wei] of tried.balances) this.balances.set(account, wei);
    for (const [account, wei] of tried.stakes) this.stakes.set(account, wei);
    this.sent.splice(0, this.sent.length, ...tried.sent);
    this.messageNonce = tried.messageNonce;
  }

  /** All stakes together. */
  get liquidity(): bigint {
    return [...this.stakes.values()].reduce((sum, wei) => sum + wei, 0n);
  }

  /** All wei there are, in whose hands they may be. */
  get supply(): bigint {
    return [...this.balances.values()].reduce((sum, wei) => sum + wei, 0n);
  }
}
