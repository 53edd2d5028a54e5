import type { CrossingOperation } from "../../protocols/operation.ts";
import { type Chain, otherChain, type PerChain } from "../base/chain.ts";
import { ABI, type Contracts } from "../../protocols/ovm2/contracts.ts";
import { type CrossDomainMessage, type MessageId, messageId } from "../../protocols/ovm2/messages.ts";
import { payoutsIn } from "../../protocols/ovm2/payouts.ts";
import type { Log, Receipt, TxHash } from "../rpc/receipt.ts";
import { unlessAborted } from "../base/stop.ts";
import type { Watcher } from "../chain/watcher.ts";

/** How a crossing ended. Amounts in wei. */
export type CrossingEnd =
  | {
      readonly kind: "paid" | "settled back";
      readonly chain: Chain;
      readonly hash: TxHash;
      readonly to: string;
      readonly amount: bigint;
    }
  /** The message arrived, or could never arrive, without a payout. */
  | { readonly kind: "lost"; readonly reason: string };

/** What a crossing's way is followed with. */
export interface CrossingTrail {
  readonly contracts: Contracts;
  readonly watchers: PerChain<Watcher>;
  /** Ends the wait. */
  readonly signal: AbortSignal;
  /** Told of each message the crossing consists of. */
  readonly onMessage: (id: MessageId, to: Chain) => void;
}

const messenger = ABI.CrossDomainMessenger;

/** A message and what it is known by. */
export interface SentMessage extends CrossDomainMessage {
  readonly id: MessageId;
}

/** The message that the messengers of a chain sent among these events, if any. */
export function sentMessage(
  chain: Chain,
  logs: readonly Log[],
  contracts: Contracts,
): SentMessage | undefined {
  const senders = contracts.messengers[chain].map((address) => address.toLowerCase());
  const { topicHash } = messenger.getEvent("SentMessage") ?? {};
  const log = logs.find(({ address, topics: [topic] }) => senders.includes(address) && topic === topicHash);
  if (log === undefined) return undefined;
  const { target, sender, message, messageNonce } = messenger.decodeEventLog(
    "SentMessage",
    log.data,
    log.topics,
  );
  const sent = {
    target: String(target),
    sender: String(sender),
    message: String(message),
    messageNonce: BigInt(messageNonce),
  };
  return { ...sent, id: messageId(sent) };
}

/**
 * Follows a crossing by message id from its deposit's receipt to its payout. Where a pool cannot pay it answers with a
 * message of its own, which settles the money back: that one is followed in turn.
 *
 * The order in which receipt and payout were seen does not matter: a watcher remembers messages that came early.
 *
 * @throws {Abandoned} where the trail's signal ended the wait
 */
export async function followCrossing(
  { payout, from }: CrossingOperation,
  receipt: Receipt,
  { contracts, watchers, signal, onMessage }: CrossingTrail,
): Promise<CrossingEnd> {
  let chain = from;
  let { logs } = receipt;
  for (;;) {
    const message = sentMessage(chain, logs, contracts);
    if (message === undefined) return { kind: "lost", reason: "relayed without a payout" };
    const { id } = message;
    chain = otherChain(chain);
    onMessage(id, chain);
    const watcher = watchers[chain];
    const relayed = await unlessAborted(watcher.message(id), signal).finally(() =>
      watcher.forget({ message: id }),
    );
    const { hash } = relayed;
    const [paid] = payoutsIn(relayed.logs, payout, contracts);
    if (paid !== undefined) return { kind: "paid", chain, hash, to: paid.to, amount: paid.amount };
    const [back] = payout.settledBack ? payoutsIn(relayed.logs, payout.settledBack, contracts) : [];
    if (back !== undefined) return { kind: "settled back", chain, hash, to: back.to, amount: back.amount };
    ({ logs } = relayed);
  }
}
