import type { Chain } from "../base/index.ts";
import type { MessageId } from "../chain/index.ts";
import type { TxHash } from "../rpc/index.ts";

/** What can become of a crossing: at the end each is in exactly one of these classes. */
export const CROSSING_CLASSES = [
  /** The right amount, to whom it belongs, exactly once. */
  "paid once",
  /** It could not be paid: the deposit came back, less what the bridge keeps, exactly once. */
  "settled back",
  /** On its way, and not overdue. */
  "in flight",
  /** Relayed without a payout, or overdue and not there by the contracts' own state. */
  "lost",
  /** It would be lost, but neither contracts nor nodes could be asked whether it is. */
  "not known",
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

/** One time that a crossing's message arrived. */
export interface CrossingArrival {
  readonly chain: Chain;
  readonly hash: TxHash;
  readonly block: number;
  /** When it was seen, in Unix milliseconds. */
  readonly at: number;
  /** Whether money came with it. */
  readonly paid: boolean;
}

/** One crossing as the audit found it. Amounts in its asset's smallest units. */
export interface AuditedCrossing {
  readonly class: CrossingClass;
  readonly code: string;
  readonly who: Crosser;
  readonly from: Chain;
  /** The chain on which it was, or is to be, paid: where it started where it was settled back. */
  readonly paidOn: Chain;
  /** Of its deposit. */
  readonly hash: TxHash;
  /** The block that its deposit is in; undefined where it is not mined, or was counted and forgotten before it was paid again. */
  readonly block: number | undefined;
  /** Unix milliseconds; undefined where it was counted and forgotten before it was paid again. */
  readonly startedAt: number | undefined;
  /** Each time that one of its messages arrived, on either chain, in the order of the way. */
  readonly arrivals: readonly CrossingArrival[];
  /** Of the last message it consists of; undefined while its deposit is not mined. */
  readonly message: MessageId | undefined;
  /** Name of what crossed. */
  readonly asset: string;
  readonly deposit: bigint;
  /** The deposit less what the bridge keeps of it; all of it where nothing was paid. */
  readonly due: bigint;
  /** What all payouts together came to, whoever got them. */
  readonly paid: bigint;
  /** What the run's own accounts have more than is due to them (less: below 0). */
  readonly difference: bigint;
  /** Milliseconds from its start to its first payout, or to the audit where there is none. */
  readonly age: number;
  /** Whether its payout came, and took longer than the target's `slowAfter`. */
  readonly late: boolean;
  /** Whether what was due was reckoned by the bridge's own rules, and not only from the payout's event. */
  readonly rateKnown: boolean;
}

/** Money that a message brought to one of the run's own accounts, and that none of its crossings sent. */
export interface StrangersPayout {
  readonly chain: Chain;
  readonly account: string;
  /** Name of what was paid. */
  readonly asset: string;
  readonly amount: bigint;
  readonly message: MessageId;
}

/** The exactly-once audit of a run's crossings. */
export interface CrossingAudit {
  readonly counts: Readonly<Record<CrossingClass, number>>;
  readonly late: number;
  /** Paid after one that the same queue had behind it. */
  readonly outOfOrder: number;
  /** Payouts whose due could only be told from their own events. */
  readonly rateUnknown: number;
  /** All that were not paid once, and those that were late. */
  readonly exceptions: readonly AuditedCrossing[];
  readonly fromStrangers: readonly StrangersPayout[];
}
