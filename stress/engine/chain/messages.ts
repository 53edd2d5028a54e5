import type { TxHash } from "../rpc/index.ts";

/** What ties a payout to its one deposit: a hash that both chains tell. */
export type MessageId = string & { readonly __brand: "message id" };

/** A message that a transaction sent to the other chain. */
export interface Message {
  readonly id: MessageId;
  /** Its place in its queue: those with a lower one are to arrive before it. */
  readonly place: bigint;
}

/** Money that an arriving message brought. */
export interface Payout {
  /** Which of the bridge's ways paid it. */
  readonly way: string;
  /** What was paid, by its name in the books. */
  readonly asset: string;
  readonly to: string;
  /** Smallest units of the asset. */
  readonly amount: bigint;
  /** What the bridge kept of it, as the payout's own event says. */
  readonly fee: bigint;
  readonly hash: TxHash;
  readonly block: number;
  readonly logIndex: number;
}

/** A message that arrived. It may have arrived without paying anything. */
export interface Arrival {
  readonly id: MessageId;
  /** The queue that it came in; undefined: messages of its kind arrive in any order. */
  readonly queue: string | undefined;
  /** The transaction it arrived with. */
  readonly hash: TxHash;
  readonly block: number;
  /** Its place in the block. */
  readonly logIndex: number;
  readonly payouts: readonly Payout[];
  /** The message that it was answered with: where the money could not be paid, it goes back. */
  readonly answer: Message | undefined;
  /** Whether it could not be carried out and may be once more, by anybody: until then the bridge keeps its money. */
  readonly isRepeatable?: boolean;
  /** Whether the bridge itself carries it out once more (then it is repeatable, too): who waits for it goes on waiting. */
  readonly isTriedAgain?: boolean;
  /** The account whose nonce the transaction took that it arrived with, where that is not its sender's own doing. */
  readonly nonceOf?: string;
}
