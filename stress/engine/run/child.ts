import { type Chain, whenAborted } from "../base/index.ts";
import type { MessageId } from "../chain/index.ts";
import { BALANCE, type Ledger } from "../ledger/index.ts";
import type { TxHash } from "../rpc/index.ts";
import type { Account, SentTransaction } from "../transactions/index.ts";
import type { ChildView } from "../../protocols/operation.ts";

/** An operation between its OP_START and its OP_DONE_. */
export interface OpenOperation {
  /** Its number in this run. */
  readonly operation: number;
  readonly code: string;
  /** The chain it started on. */
  readonly chain: Chain;
  /** The chain it leads to: where it started, or the other one. */
  readonly to: Chain;
  /** Unix milliseconds. */
  readonly startedAt: number;
  /** Milliseconds since the start at which each phase was reached. */
  readonly phases: number[];
  /**
   * Milliseconds since the start at which each phase of its steps' own was reached, the last time where there were several; undefined
   * where none was.
   */
  own: Map<string, number> | undefined;
  /** `submission`, `receipt`, `payout`, or what a step says that it waits for. */
  waitingFor: string;
  /** Of its own transaction, as it was first sent. */
  hash: TxHash | undefined;
  /** Its own transaction, once it was sent. */
  transaction: SentTransaction | undefined;
  /** Of a crossing, once it is known; and the chain that it leads to. */
  message: MessageId | undefined;
  messageTo: Chain | undefined;
}

/** The hash of an operation's own transaction, as the chain has it or will have it: one that is replaced has several. */
export const hashOf = ({ transaction, hash }: OpenOperation): TxHash | undefined => transaction?.hash ?? hash;

/** What a child is doing. It has one operation open at most. */
export type ChildPhase =
  | { readonly at: "unfunded" }
  | { readonly at: "ready" }
  /** Below the minimum balance on both chains, or without anything it could do. */
  | { readonly at: "idle" }
  | { readonly at: "busy"; readonly open: OpenOperation }
  | { readonly at: "done" };

/** Who counts children by what they are at. */
interface Counter {
  add(child: Child): void;
  /** Is told before the child becomes anything else. */
  remove(child: Child): void;
}

/** One account that performs one operation at a time. */
export class Child implements ChildView {
  readonly number: number;
  readonly account: Account;
  /** How many choices it has made. */
  turn = 0;
  readonly #ledger: Ledger;
  readonly #counter: Counter | undefined;
  readonly #committed: (chain: Chain) => bigint;
  #on: Chain;
  #phase: ChildPhase = { at: "unfunded" };
  #wake: (() => void) | undefined;

  /** @param committed wei that its account has no more, though the books do not know it yet */
  constructor(
    number: number,
    account: Account,
    on: Chain,
    ledger: Ledger,
    counter?: Counter,
    committed: (chain: Chain) => bigint = () => 0n,
  ) {
    this.number = number;
    this.account = account;
    this.#on = on;
    this.#ledger = ledger;
    this.#counter = counter;
    this.#committed = committed;
    counter?.add(this);
  }

  /** The chain it is on. */
  get on(): Chain {
    return this.#on;
  }

  set on(chain: Chain) {
    this.#counter?.remove(this);
    this.#on = chain;
    this.#counter?.add(this);
  }

  get phase(): ChildPhase {
    return this.#phase;
  }

  set phase(phase: ChildPhase) {
    this.#counter?.remove(this);
    this.#phase = phase;
    this.#counter?.add(this);
  }

  get address(): string {
    return this.account.address;
  }

  balance(chain: Chain): bigint {
    return this.amount(chain, BALANCE) - this.#committed(chain);
  }

  amount(chain: Chain, asset: string): bigint {
    return this.#ledger.amount(this.address, chain, asset);
  }

  /** Idle until money arrives or the signal comes. */
  async idle(signal: AbortSignal): Promise<void> {
    this.phase = { at: "idle" };
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    const end = whenAborted(signal, resolve);
    await promise;
    end();
    this.#wake = undefined;
    this.phase = { at: "ready" };
  }

  /** Brings an idle child back. */
  wake(): void {
    this.#wake?.();
  }
}
