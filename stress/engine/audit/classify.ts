import type { CrossingOperation } from "../../protocols/operation.ts";
import { type Chain, otherChain } from "../base/chain.ts";
import type { Contracts } from "../../protocols/ovm2/contracts.ts";
import type { MessageId } from "../../protocols/ovm2/messages.ts";
import type { Payout } from "../../protocols/ovm2/payouts.ts";
import type { Receipt } from "../rpc/receipt.ts";
import type { SentTransaction } from "../transactions/sent-transaction.ts";
import { type SentMessage, sentMessage } from "../run/settlement.ts";
import type { AuditedCrossing, Crosser, CrossingClass } from "./crossing-audit.ts";
import { dueAt, type PoolRates } from "../../protocols/ovm2/pool-rates.ts";

/** A crossing that is followed. */
export interface Followed {
  readonly transaction: SentTransaction;
  readonly operation: CrossingOperation;
  readonly who: Crosser;
  /** Unix milliseconds. */
  readonly startedAt: number;
}

/** One time that a message was relayed. */
export interface Relay {
  readonly block: number;
  /** When it was seen, in Unix milliseconds. */
  readonly at: number;
  /** Place of the messenger's own event in the block. */
  readonly logIndex: number;
  readonly messenger: string;
  readonly payouts: readonly Payout[];
  /** The message that the receiving contract answered with. */
  readonly answer: SentMessage | undefined;
  /** The rates of the block's pool payouts, by log index. */
  readonly rates: ReadonlyMap<number, PoolRates> | undefined;
}

/** What a crossing is judged by. */
export interface Evidence {
  readonly contracts: Contracts;
  relaysOf(chain: Chain, message: MessageId): readonly Relay[];
  owns(account: string, chain: Chain): boolean;
  /** Messages that a deposit had before a reorganisation gave it another: a payout of theirs is one too many. */
  formerMessages(deposit: SentTransaction): Iterable<MessageId>;
  /** Unix milliseconds. */
  readonly now: number;
  /** Milliseconds after which a payout is late, and after which one that did not come is lost. */
  readonly slowAfter: number;
  readonly overdueAfter: number;
}

/** The message of a crossing's way that paid first, or else the last, and what all of its messages brought. */
interface Arrival {
  readonly chain: Chain;
  readonly message: MessageId;
  readonly relays: readonly Relay[];
  readonly payouts: readonly { readonly payout: Payout; readonly relay: Relay; readonly chain: Chain }[];
}

/** The crossing's first message; undefined while its deposit is not mined, or where it failed. */
export function depositMessage(
  { transaction, operation }: Followed,
  contracts: Contracts,
): SentMessage | undefined {
  const { state } = transaction;
  if (state.at !== "mined" || !state.receipt.succeeded) return undefined;
  const known = decoded.get(state.receipt);
  if (known !== undefined) return known;
  const message = sentMessage(operation.from, state.receipt.logs, contracts);
  if (message !== undefined) decoded.set(state.receipt, message);
  return message;
}

/** Decoding is what takes the time, and an audit asks again and again. */
const decoded = new WeakMap<Receipt, SentMessage>();

/** Follows the messages to their end, also where one has paid: a pool that pays and sends the money back pays twice. */
function arrivalOf({ operation, transaction }: Followed, first: SentMessage, evidence: Evidence): Arrival {
  const { payout, from } = operation;
  const events = [payout, payout.settledBack];
  let chain = from;
  let message = first.id;
  let paying: Arrival | undefined;
  for (;;) {
    chain = otherChain(chain);
    const former = message === first.id ? evidence.formerMessages(transaction) : [];
    const relays = [message, ...former].flatMap((id) => evidence.relaysOf(chain, id));
    const at = { chain, message, relays };
    const event = events[chain === from ? 1 : 0];
    const payouts = at.relays.flatMap((relay) =>
      relay.payouts
        .filter((paid) => paid.event === event)
        .map((paid) => ({ payout: paid, relay, chain: at.chain })),
    );
    if (paying !== undefined) paying = { ...paying, payouts: [...paying.payouts, ...payouts] };
    else if (payouts.length > 0) paying = { ...at, payouts };
    const answer = at.relays.find((relay) => relay.answer !== undefined)?.answer;
    if (answer === undefined) return paying ?? { ...at, payouts };
    message = answer.id;
  }
}

/**
 * Puts a crossing into its class.
 *
 * @returns undefined where there is none: its deposit failed, or was refused
 */
export function classify(followed: Followed, evidence: Evidence): AuditedCrossing | undefined {
  const { transaction, operation, who, startedAt } = followed;
  const { state, version } = transaction;
  const { movement } = version.plan;
  const hasFailed = state.at === "refused" || (state.at === "mined" && !state.receipt.succeeded);
  if (hasFailed || movement.kind !== "crossing") return undefined;
  const deposit = movement.amount;
  const { from, to, code } = operation;
  const base = { code, who, from, hash: transaction.hash, deposit };
  const waited = evidence.now - startedAt;
  const open = (isLost: boolean, paidOn: Chain, message: MessageId | undefined): AuditedCrossing => ({
    ...base,
    class: isLost ? "lost" : "in flight",
    paidOn,
    message,
    due: deposit,
    paid: 0n,
    difference: isLost ? -deposit : 0n,
    age: waited,
    late: false,
    rateKnown: true,
  });
  const first = depositMessage(followed, evidence.contracts);
  // A deposit without a message can never arrive; one that is not mined moved nothing yet.
  if (first === undefined) return open(state.at === "mined", to, undefined);
  const arrival = arrivalOf(followed, first, evidence);
  const [firstPaid] = arrival.payouts;
  if (firstPaid === undefined) {
    const isLost = arrival.relays.length > 0 || waited > evidence.overdueAfter;
    return open(isLost, arrival.chain, arrival.message);
  }
  const { due, rateKnown } = dueOf(deposit, firstPaid.payout, firstPaid.relay);
  const age = firstPaid.relay.at - startedAt;
  const received = arrival.payouts.filter(({ payout, chain }) => evidence.owns(payout.to, chain));
  return {
    ...base,
    class: classOf(arrival, transaction.account.address, due, from),
    paidOn: arrival.chain,
    message: arrival.message,
    due,
    paid: sumOf(arrival.payouts),
    difference: sumOf(received) - due,
    age,
    late: age > evidence.slowAfter,
    rateKnown,
  };
}

const sumOf = (payouts: Arrival["payouts"]): bigint =>
  payouts.reduce((sum, { payout }) => sum + payout.amount, 0n);

/** What was to be paid: by the pool's own rate where it is known, else by the fee that its event tells. */
function dueOf(deposit: bigint, payout: Payout, { rates }: Relay): { due: bigint; rateKnown: boolean } {
  if (payout.event.fee === undefined) return { due: deposit, rateKnown: true };
  const rate = rates?.get(payout.logIndex);
  if (rate === undefined) return { due: deposit - payout.fee, rateKnown: false };
  return { due: dueAt(rate, deposit), rateKnown: true };
}

function classOf({ payouts, chain }: Arrival, owner: string, due: bigint, from: Chain): CrossingClass {
  const [first, second] = payouts;
  if (second !== undefined) return "doubled";
  if (first?.payout.to.toLowerCase() !== owner.toLowerCase()) return "wrong recipient";
  if (first.payout.amount !== due) return "wrong amount";
  return chain === from ? "settled back" : "paid once";
}
