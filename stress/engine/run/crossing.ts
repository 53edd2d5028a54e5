import { Abandoned, type Chain, otherChain, type PerChain, unlessAborted } from "../base/index.ts";
import type { Inquiries } from "../audit/index.ts";
import type { Message, Reorganisations, Watcher } from "../chain/index.ts";
import type { Receipt } from "../rpc/index.ts";
import type { SentTransaction } from "../transactions/index.ts";
import type { Crossing, CrossingEnd } from "../../protocols/operation.ts";
import type { Bridge } from "../../protocols/protocol.ts";

/** What a crossing's way is followed with. */
export interface CrossingTrail {
  readonly bridge: Pick<Bridge, "sent">;
  readonly watchers: PerChain<Pick<Watcher, "message" | "forget">>;
  /** Who is asked before anything is called lost. */
  readonly inquiries: Pick<Inquiries, "arrival" | "deposit">;
}

/** Who waits for a crossing is told how far it came. */
export interface CrossingWait {
  readonly signal: AbortSignal;
  /** Its transaction is waited for: at first, and again where it was taken back. */
  readonly onWaiting?: () => void;
  /** Its transaction is mined; once more where that was taken back. */
  readonly onReceipt?: (receipt: Receipt) => void;
  /** One of its messages is waited for, on this chain. */
  readonly onMessage?: (message: Message, chain: Chain) => void;
}

/**
 * Waits for a crossing's transaction and its payout. A reorganisation may take back what was concluded: then it is waited for
 * anew, be it the receipt or a message, whose id depends on its place in the chain.
 *
 * @returns undefined where the transaction reverted
 * @throws {NotSubmitted} where the transaction will never be mined
 * @throws {Abandoned} where the signal came first
 */
export async function awaitCrossing(
  trail: CrossingTrail & { readonly reorganisations: Reorganisations },
  crossing: Crossing,
  transaction: SentTransaction,
  { signal, onWaiting, onReceipt, onMessage }: CrossingWait,
): Promise<CrossingEnd | undefined> {
  for (;;) {
    onWaiting?.();
    const receipt = await transaction.mined(signal);
    onReceipt?.(receipt);
    if (!receipt.succeeded) return undefined;
    const anew = trail.reorganisations.next;
    const wait = {
      signal: AbortSignal.any([signal, anew]),
      ...(onMessage === undefined ? {} : { onMessage }),
    };
    try {
      return await followCrossing(trail, crossing, transaction, receipt, wait);
    } catch (error) {
      if (!(error instanceof Abandoned) || signal.aborted || !anew.aborted) throw error;
    }
  }
}

/**
 * Follows a crossing by message id from its receipt to its payout. Where the money cannot be paid, the arriving message is
 * answered with one that takes it back: that one is followed in turn.
 *
 * The order in which receipt and payout were seen does not matter: a watcher remembers messages that came early.
 *
 * @throws {Abandoned} where the signal ended the wait
 */
export async function followCrossing(
  { bridge, watchers, inquiries }: CrossingTrail,
  { way }: Crossing,
  { chain: from }: Pick<SentTransaction, "chain">,
  receipt: Receipt,
  { signal, onMessage }: Pick<CrossingWait, "signal" | "onMessage">,
): Promise<CrossingEnd> {
  let chain = from;
  let message = bridge.sent(chain, receipt);
  if (message === undefined) {
    const found = await unlessAborted(inquiries.deposit(chain, receipt, signal), signal);
    if (found.kind === "not known") throw new Abandoned(found.reason);
    if (found.kind === "sent") ({ message } = found);
  }
  while (message !== undefined) {
    const { id } = message;
    chain = otherChain(chain);
    onMessage?.(message, chain);
    const watcher = watchers[chain];
    let arrival = await unlessAborted(watcher.message(id), signal).finally(() =>
      watcher.forget({ message: id }),
    );
    if (arrival.answer === undefined && !arrival.payouts.some((paid) => paid.way === way)) {
      const found = await unlessAborted(inquiries.arrival(chain, id, arrival, signal), signal);
      if (found.kind !== "arrived") throw new Abandoned("what it brought is not known");
      ({ arrival } = found);
    }
    const payout = arrival.payouts.find((paid) => paid.way === way);
    if (payout !== undefined) {
      const { to, amount } = payout;
      const kind = chain === from ? "settled back" : "paid";
      return { kind, chain, hash: arrival.hash, to, amount, payout };
    }
    if (arrival.isRepeatable === true)
      return { kind: "lost", reason: "it failed where it arrived, and can be carried out once more" };
    message = arrival.answer;
  }
  return { kind: "lost", reason: "relayed without a payout" };
}
