import type { MessageId } from "../chain/index.ts";
import type { Receipt } from "../rpc/index.ts";
import type { SentTransaction } from "../transactions/index.ts";
import type { Bridge } from "../../protocols/protocol.ts";

/** Deposits of crossings, with every message that each ever sent: one that a reorganisation took back may be mined with another. */
export class Deposits {
  readonly #bridge: Pick<Bridge, "sent">;
  readonly #followed = new WeakSet<SentTransaction>();
  /** Nearly all have one: tens of thousands of sets would take ten times as much. */
  readonly #messages = new WeakMap<SentTransaction, readonly MessageId[]>();

  constructor(bridge: Pick<Bridge, "sent">) {
    this.#bridge = bridge;
  }

  /** Takes up a deposit that was just sent. */
  follow(deposit: SentTransaction): void {
    this.#followed.add(deposit);
    // It may be mined already.
    if (deposit.state.at === "mined") this.mined(deposit, deposit.state.receipt);
  }

  /** A transaction is mined, which may be a deposit. */
  mined(deposit: SentTransaction, receipt: Receipt): void {
    if (!this.#followed.has(deposit) || !receipt.succeeded) return;
    const message = this.#bridge.sent(deposit.chain, receipt);
    if (message === undefined) return;
    const known = this.#messages.get(deposit) ?? [];
    if (!known.includes(message.id)) this.#messages.set(deposit, [...known, message.id]);
  }

  /** All that a deposit ever sent. */
  messages(deposit: SentTransaction): Iterable<MessageId> {
    return this.#messages.get(deposit) ?? [];
  }

  /** Those of them that it does not send as it is mined now. */
  *formerMessages(deposit: SentTransaction): Generator<MessageId> {
    const all = this.#messages.get(deposit);
    if (all === undefined || all.length < 2) return;
    const { state } = deposit;
    const now = state.at === "mined" ? this.#bridge.sent(deposit.chain, state.receipt)?.id : undefined;
    for (const message of all) if (message !== now) yield message;
  }
}
