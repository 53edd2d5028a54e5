import { type Chain, otherChain } from "../base/index.ts";
import type { Arrival, Message, MessageId, Payout } from "../chain/index.ts";
import type { Receipt } from "../rpc/index.ts";
import type { SentTransaction } from "../transactions/index.ts";
import type { Bridge, Due, Terms } from "../../protocols/protocol.ts";
import type { AuditedCrossing, CrossingArrival, CrossingClass } from "./crossing-audit.ts";
import { depositMessage, type Followed } from "./followed.ts";

/** One time that a message arrived. */
export interface Relay extends Arrival {
  /** When it was seen, in Unix milliseconds. */
  readonly at: number;
  /** By what the block's payouts are judged, where their events do not say it all. */
  readonly terms: Terms | undefined;
}

/** What is known of a crossing that seems to be lost, once the chains were asked. */
export type Verdict = "lost" | "not known";

/** What there is to ask the chains of a crossing that nothing was paid for. */
export type Doubt =
  /** Its deposit was mined, and sent no message. */
  | { readonly of: "deposit"; readonly receipt: Receipt; readonly seemsLost: true }
  /** A message that did not arrive, or arrived without a payout. */
  | {
      readonly of: "message";
      /** Otherwise it may well be on its way. */
      readonly seemsLost: boolean;
      readonly chain: Chain;
      readonly message: MessageId;
      readonly relay: Relay | undefined;
    };

/** What a crossing is judged by. */
export interface Evidence {
  readonly bridge: Pick<Bridge, "sent">;
  relaysOf(chain: Chain, message: MessageId): readonly Relay[];
  owns(account: string, chain: Chain): boolean;
  /** Messages that a deposit had before a reorganisation gave it another: a payout of theirs is one too many. */
  formerMessages(deposit: SentTransaction): Iterable<MessageId>;
  /** What was found out of a crossing that nothing was paid for; undefined where nobody was asked yet. */
  verdictOf(followed: Followed): Verdict | undefined;
  /** Unix milliseconds. */
  readonly now: number;
  /** Milliseconds after which a payout is late, and after which one that did not come is lost. */
  readonly slowAfter: number;
  readonly overdueAfter: number;
}

/** The message of a crossing's way that paid first, or else the last, and what all of its messages brought. */
interface Trail {
  readonly chain: Chain;
  readonly message: MessageId;
  readonly relays: readonly Relay[];
  readonly payouts: readonly { readonly payout: Payout; readonly relay: Relay; readonly chain: Chain }[];
  /** All arrivals of its messages. */
  readonly arrivals: readonly CrossingArrival[];
}

/** An arrival as a report tells it. */
export const arrivalOn =
  (chain: Chain) =>
  ({ hash, block, at, payouts }: Relay): CrossingArrival => ({
    chain,
    hash,
    block,
    at,
    paid: payouts.length > 0,
  });

/** Follows the messages to their end, also where one has paid: a bridge that pays and sends the money back pays twice. */
function trailOf({ crossing, transaction }: Followed, first: Message, evidence: Evidence): Trail {
  let { chain } = transaction;
  let message = first.id;
  let paying: Trail | undefined;
  const arrivals: CrossingArrival[] = [];
  for (;;) {
    chain = otherChain(chain);
    const former = message === first.id ? evidence.formerMessages(transaction) : [];
    const relays = [
      ...evidence.relaysOf(chain, message),
      ...[...former]
        .flatMap((id) => evidence.relaysOf(chain, id))
        .filter((relay) => isFor(relay, transaction)),
    ];
    arrivals.push(...relays.map(arrivalOn(chain)));
    const at = { chain, message, relays, arrivals };
    const payouts = at.relays.flatMap((relay) =>
      relay.payouts
        .filter(({ way }) => way === crossing.way)
        .map((payout) => ({ payout, relay, chain: at.chain })),
    );
    if (paying !== undefined) paying = { ...paying, payouts: [...paying.payouts, ...payouts] };
    else if (payouts.length > 0) paying = { ...at, payouts };
    const answer = at.relays.find((relay) => relay.answer !== undefined)?.answer;
    if (answer === undefined) return paying ?? { ...at, payouts };
    message = answer.id;
  }
}

/** Whether a former message is still the crossing's: a bridge that numbers its messages has given the number to another one's. */
const isFor = ({ payouts }: Relay, { account }: SentTransaction): boolean =>
  payouts.length === 0 || payouts.some(({ to }) => to.toLowerCase() === account.address.toLowerCase());

/**
 * Puts a crossing into its class.
 *
 * @returns undefined where there is none: its deposit failed, or was refused
 */
export function classify(followed: Followed, evidence: Evidence): AuditedCrossing | undefined {
  const { transaction, crossing, code, who, startedAt } = followed;
  const { state, chain: from } = transaction;
  if (state.at === "refused" || (state.at === "mined" && !state.receipt.succeeded)) return undefined;
  const deposit = crossing.amount;
  const block = state.at === "mined" ? state.receipt.blockNumber : undefined;
  const { hash } = transaction;
  const base = { code, who, from, hash, block, startedAt, asset: crossing.asset, deposit };
  const open = (
    paidOn: Chain,
    message: MessageId | undefined,
    arrivals: Trail["arrivals"],
  ): AuditedCrossing => {
    // Nothing is called lost before the chains were asked.
    const seemsLost = doubtOf(followed, evidence)?.seemsLost ?? false;
    const verdict = seemsLost ? evidence.verdictOf(followed) : undefined;
    return {
      ...base,
      arrivals,
      class: verdict ?? "in flight",
      paidOn,
      message,
      due: deposit,
      paid: 0n,
      difference: verdict === "lost" ? -deposit : 0n,
      age: evidence.now - startedAt,
      late: false,
      rateKnown: true,
    };
  };
  const first = depositMessage(followed, evidence.bridge);
  if (first === undefined) return open(otherChain(from), undefined, []);
  const trail = trailOf(followed, first, evidence);
  const [firstPaid] = trail.payouts;
  if (firstPaid === undefined) return open(trail.chain, trail.message, trail.arrivals);
  const { amount: due, isKnown } = dueOf(deposit, firstPaid.payout, firstPaid.relay);
  const age = firstPaid.relay.at - startedAt;
  const received = trail.payouts.filter(({ payout, chain }) => evidence.owns(payout.to, chain));
  return {
    ...base,
    arrivals: trail.arrivals,
    class: classOf(trail, transaction.account.address, due, from),
    paidOn: trail.chain,
    message: trail.message,
    due,
    paid: sumOf(trail.payouts),
    difference: sumOf(received) - due,
    age,
    late: age > evidence.slowAfter + (crossing.takes ?? 0),
    rateKnown: isKnown,
  };
}

/** What there is to ask of a crossing; undefined where it was paid, or moved nothing. */
export function doubtOf(followed: Followed, evidence: Evidence): Doubt | undefined {
  const { state } = followed.transaction;
  // One that is not mined moved nothing yet.
  if (state.at !== "mined" || !state.receipt.succeeded) return undefined;
  const first = depositMessage(followed, evidence.bridge);
  // A deposit without a message can never arrive.
  if (first === undefined) return { of: "deposit", receipt: state.receipt, seemsLost: true };
  const { chain, message, relays, payouts } = trailOf(followed, first, evidence);
  const relay = relays.find(({ id }) => id === message);
  const { takes = 0 } = followed.crossing;
  const isOverdue = evidence.now - followed.startedAt > evidence.overdueAfter + takes;
  if (payouts.length > 0) return undefined;
  // One that can be carried out once more is nothing that is lost: the bridge keeps its money until then.
  const isRepeatable = relays.length > 0 && relays.every((one) => one.isRepeatable === true);
  const seemsLost = !isRepeatable && (relay !== undefined || isOverdue);
  return { of: "message", chain, message, relay, seemsLost };
}

const sumOf = (payouts: Trail["payouts"]): bigint =>
  payouts.reduce((sum, { payout }) => sum + payout.amount, 0n);

/** What was to be paid: by the bridge's own terms where they are known, else by the fee that the payout's event tells. */
const dueOf = (deposit: bigint, payout: Payout, { terms }: Relay): Due =>
  terms?.(payout, deposit) ?? { amount: deposit - payout.fee, isKnown: payout.fee === 0n };

function classOf({ payouts, chain }: Trail, owner: string, due: bigint, from: Chain): CrossingClass {
  const [first, second] = payouts;
  if (second !== undefined) return "doubled";
  if (first?.payout.to.toLowerCase() !== owner.toLowerCase()) return "wrong recipient";
  if (first.payout.amount !== due) return "wrong amount";
  return chain === from ? "settled back" : "paid once";
}
