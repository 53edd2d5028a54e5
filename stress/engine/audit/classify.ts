import { type Chain, otherChain } from "../base/index.ts";
import type { Arrival, Message, MessageId, Payout } from "../chain/index.ts";
import type { SentTransaction } from "../transactions/index.ts";
import type { Bridge, Due, Terms } from "../../protocols/protocol.ts";
import type { AuditedCrossing, CrossingClass } from "./crossing-audit.ts";
import { depositMessage, type Followed } from "./followed.ts";

/** One time that a message arrived. */
export interface Relay extends Arrival {
  /** When it was seen, in Unix milliseconds. */
  readonly at: number;
  /** By what the block's payouts are judged, where their events do not say it all. */
  readonly terms: Terms | undefined;
}

/** What a crossing is judged by. */
export interface Evidence {
  readonly bridge: Pick<Bridge, "sent">;
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
interface Trail {
  readonly chain: Chain;
  readonly message: MessageId;
  readonly relays: readonly Relay[];
  readonly payouts: readonly { readonly payout: Payout; readonly relay: Relay; readonly chain: Chain }[];
}

/** Follows the messages to their end, also where one has paid: a bridge that pays and sends the money back pays twice. */
function trailOf({ crossing, transaction }: Followed, first: Message, evidence: Evidence): Trail {
  let { chain } = transaction;
  let message = first.id;
  let paying: Trail | undefined;
  for (;;) {
    chain = otherChain(chain);
    const former = message === first.id ? evidence.formerMessages(transaction) : [];
    const relays = [
      ...evidence.relaysOf(chain, message),
      ...[...former]
        .flatMap((id) => evidence.relaysOf(chain, id))
        .filter((relay) => isFor(relay, transaction)),
    ];
    const at = { chain, message, relays };
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
  const { amount: deposit, takes = 0 } = crossing;
  const base = { code, who, from, hash: transaction.hash, asset: crossing.asset, deposit };
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
  const first = depositMessage(followed, evidence.bridge);
  // A deposit without a message can never arrive; one that is not mined moved nothing yet.
  if (first === undefined) return open(state.at === "mined", otherChain(from), undefined);
  const trail = trailOf(followed, first, evidence);
  const [firstPaid] = trail.payouts;
  if (firstPaid === undefined) {
    // One that can be carried out once more is nothing that is lost: the bridge keeps its money until then.
    const isRepeatable =
      trail.relays.length > 0 && trail.relays.every((relay) => relay.isRepeatable === true);
    const isLost = !isRepeatable && (trail.relays.length > 0 || waited > evidence.overdueAfter + takes);
    return open(isLost, trail.chain, trail.message);
  }
  const { amount: due, isKnown } = dueOf(deposit, firstPaid.payout, firstPaid.relay);
  const age = firstPaid.relay.at - startedAt;
  const received = trail.payouts.filter(({ payout, chain }) => evidence.owns(payout.to, chain));
  return {
    ...base,
    class: classOf(trail, transaction.account.address, due, from),
    paidOn: trail.chain,
    message: trail.message,
    due,
    paid: sumOf(trail.payouts),
    difference: sumOf(received) - due,
    age,
    late: age > evidence.slowAfter + takes,
    rateKnown: isKnown,
  };
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
