import type { ChildView } from "../../protocols/operation.ts";
import type { Account } from "../transactions/account.ts";
import type { Chain } from "../base/chain.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { MessageId } from "../../protocols/ovm2/messages.ts";
import type { TxHash } from "../rpc/receipt.ts";

/** An operation between its OP_START and its OP_DONE_. */
export interface OpenOperation {
  readonly code: string;
  /** The chain it started on. */
  readonly chain: Chain;
  /** The chain it leads to: where it started, or the other one. */
  readonly to: Chain;
  /** Unix milliseconds. */
  readonly startedAt: number;
  /** Milliseconds since the start at which each phase was reached. */
  readonly phases: number[];
  waitingFor: "submission" | "receipt" | "payout";
  hash: TxHash | undefined;
  message: MessageId | undefined;
}

/** What a child is doing. It has one operation open at most. */
export type ChildPhase =
  | { readonly at: "unfunded" }
  | { readonly at: "ready" }
  /** Below the minimum balance on both chains, or without anything it could do. */
  | { readonly at: "idle" }
  | { readonly at: "busy"; readonly open: OpenOperation }
  | { readonly at: "done" };

/** One account that performs one operation at a time. */
export class Child implements ChildView {
  readonly number: number;
  readonly account: Account;
  /** The chain it is on. */
  on: Chain;
  phase: ChildPhase = { at: "unfunded" };
  /** Whether the L2 pool may take exit fees from it. */
  exitFeeApproved = false;
  /** How many choices it has made. */
  turn = 0;
  readonly #ledger: Ledger;
  #wake: (() => void) | undefined;

  constructor(number: number, account: Account, on: Chain, ledger: Ledger) {
    this.number = number;
    this.account = account;
    this.on = on;
    this.#ledger = ledger;
  }

  get address(): string {
    return this.account.address;
  }

  balance(chain: Chain): bigint {
    return this.#ledger.balance(this.address, chain);
  }

  stake(chain: Chain): bigint {
    return this.#ledger.stake(this.address, chain);
  }

  feeTokens(): bigint {
    return this.#ledger.tokens(this.address);
  }

  /** Idle until money arrives or the signal comes. */
  async idle(signal: AbortSignal): Promise<void> {
    this.phase = { at: "idle" };
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    if (signal.aborted) resolve();
    signal.addEventListener("abort", this.#wake, { once: true });
    await promise;
    signal.removeEventListener("abort", this.#wake);
    this.#wake = undefined;
    this.phase = { at: "ready" };
  }

  /** Brings an idle child back. */
  wake(): void {
    this.#wake?.();
  }
}
