import type { Chain } from "../../../../stress/engine/base/index.ts";
import type { CrossDomainMessage } from "../../../../stress/protocols/op-stack/messages.ts";
import type { FakeLog } from "../../../fakes/chain.ts";
import { CALL_GAS, PAYMENT_GAS } from "../fees.ts";
import { ChainState } from "../state.ts";
import { AT } from "./contracts.ts";

/** A deposit in the fast bridge; its number is its place among those of its chain. Wei. */
export interface FastDeposit {
  readonly from: string;
  readonly amount: bigint;
}

/** What is the same of all states: what of what happens is drawn, and not the chain's. */
export interface Fate {
  /** Whether a message fails when it is carried out first. */
  failsFirst(message: string): boolean;
}

/** What both chains of an OP Stack rollup have in the state of one block. */
export abstract class OpState extends ChainState {
  readonly chain: Chain;
  readonly fate: Fate;
  /** Smallest units of the token. */
  readonly tokens: Map<string, bigint>;
  /** Who lets the standard bridge take tokens. */
  readonly allowances: Set<string>;
  /** Ids of the messages that were sent, in their order. */
  readonly sent: string[];
  /** Those of the other chain that were carried out, and those that failed and were not carried out since. */
  readonly relayed: Set<string>;
  readonly failed: Map<string, CrossDomainMessage>;
  readonly fastDeposits: FastDeposit[];
  /** How many of the other chain's were paid out, or could not be. */
  fastPaid: number;
  /** Those that could not, by their numbers. */
  readonly fastStuck: Map<number, FastDeposit>;

  constructor(chain: Chain, fate: Fate, from?: OpState) {
    super(from);
    this.chain = chain;
    this.fate = fate;
    this.tokens = new Map(from?.tokens);
    this.allowances = new Set(from?.allowances);
    this.sent = [...(from?.sent ?? [])];
    this.relayed = new Set(from?.relayed);
    this.failed = new Map(from?.failed);
    this.fastDeposits = [...(from?.fastDeposits ?? [])];
    this.fastPaid = from?.fastPaid ?? 0;
    this.fastStuck = new Map(from?.fastStuck);
  }

  gasOf({ data }: { readonly data: string }): bigint {
    return data === "0x" ? PAYMENT_GAS : CALL_GAS;
  }

  tokensOf(account: string): bigint {
    return this.tokens.get(account) ?? 0n;
  }

  /** @returns false, and nothing changes, where there is too little */
  moveTokens(from: string, to: string, amount: bigint): boolean {
    if (this.tokensOf(from) < amount) return false;
    this.tokens.set(from, this.tokensOf(from) - amount);
    this.tokens.set(to, this.tokensOf(to) + amount);
    return true;
  }

  /** Where what leaves the chain through the standard bridge is kept until it comes back. */
  get vault(): string {
    return this.chain === 1 ? AT.portal : AT.passer;
  }

  /** Sends a message to the other chain. Returns what is told of it. */
  abstract send(message: Omit<CrossDomainMessage, "messageNonce">): readonly FakeLog[];
}
