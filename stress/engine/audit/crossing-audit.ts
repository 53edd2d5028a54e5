import type { Chain } from "../base/chain.ts";
import type { MessageId } from "../../protocols/ovm2/messages.ts";
import type { TxHash } from "../rpc/receipt.ts";

/** What can become of a crossing: at the end each is in exactly one of these classes. */
export const CROSSING_CLASSES = [
  /** The right amount, to whom it belongs, exactly once. */
  "paid once",
  /** A pool could not pay: the deposit came back, less the pool's fee, exactly once. */
  "settled back",
  /** On its way, and not overdue. */
  "in flight",
  /** Relayed without a payout, or overdue. */
  "lost",
  "doubled",
  "wrong amount",
  "wrong recipient",
] as const;

export type CrossingClass = (typeof CROSSING_CLASSES)[number];

/** Classes in which a bridge did what it must not do. */
export const BROKEN = [
  "lost",
  "doubled",
  "wrong amount",
  "wrong recipient",
] as const satisfies readonly CrossingClass[];

/** Who made a crossing: a child, by number, or the funder. */
export type Crosser = number | "funder";

/** One crossing as the audit found it. Amounts in wei. */
export interface AuditedCrossing {
  readonly class: CrossingClass;
  readonly code: string;
  readonly who: Crosser;
  readonly from: Chain;
  /** The chain on which it was, or is to be, paid: where it started where it was settled back. */
  readonly paidOn: Chain;
  /** Of its deposit. */
  readonly hash: TxHash;
  /** Of the last message it consists of; undefined while its deposit is not mined. */
  readonly message: MessageId | undefined;
  readonly deposit: bigint;
  /** The deposit less the pool's fee; all of it where nothing was paid. */
  readonly due: bigint;
  /** What all payouts together came to, whoever got them. */
  readonly paid: bigint;
  /** What the run's own accounts have more than is due to them (less: below 0). */
  readonly difference: bigint;
  /** Milliseconds from its start to its first payout, or to the audit where there is none. */
  readonly age: number;
  /** Whether its payout came, and took longer than the target's `slowAfter`. */
  readonly late: boolean;
  /** Whether the pool's fee was checked against the pool's own rate, and not only its own event. */
  readonly rateKnown: boolean;
}

/** Money that a message brought to one of the run's own accounts, and that none of its crossings sent. */
export interface StrangersPayout {
  readonly chain: Chain;
  readonly account: string;
  /** Wei. */
  readonly amount: bigint;
  readonly message: MessageId;
}

/** The exactly-once audit of a run's crossings. */
export interface CrossingAudit {
  readonly counts: Readonly<Record<CrossingClass, number>>;
  readonly late: number;
  /** Paid after one that the same messenger's queue had behind it. */
  readonly outOfOrder: number;
  /** Pool payouts whose fee could not be checked against the pool's own rate. */
  readonly rateUnknown: number;
  /** All that were not paid once, and those that were late. */
  readonly exceptions: readonly AuditedCrossing[];
  readonly fromStrangers: readonly StrangersPayout[];
}
