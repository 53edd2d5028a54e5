import type { Chain } from "../base/index.ts";
import type { MessageId } from "../chain/index.ts";
import { type AuditedCrossing, CROSSING_CLASSES, type CrossingClass } from "./crossing-audit.ts";

/** As much of a crossing as is kept for good: runs of days make millions. */
type Kept = Pick<AuditedCrossing, "class" | "code" | "who" | "from" | "paidOn" | "hash" | "asset">;

/** Crossings that were over so long ago that they are counted and forgotten, but for what tells a second payout. */
export class ClosedCrossings {
  readonly counts: Record<CrossingClass, number>;
  late = 0;
  rateUnknown = 0;
  /** Those that were not simply paid once, in time. */
  readonly exceptions: AuditedCrossing[] = [];
  readonly #kept = new Map<MessageId, Kept>();

  constructor() {
    const none = CROSSING_CLASSES.map((one) => [one, 0]);
    this.counts = Object.fromEntries(none) as Record<CrossingClass, number>;
  }

  has(message: MessageId): boolean {
    return this.#kept.has(message);
  }

  add(crossing: AuditedCrossing, message: MessageId): void {
    this.counts[crossing.class]++;
    if (crossing.late) this.late++;
    if (!crossing.rateKnown) this.rateUnknown++;
    if (isException(crossing)) this.exceptions.push(crossing);
    const { code, who, from, paidOn, hash, asset } = crossing;
    this.#kept.set(message, { class: crossing.class, code, who, from, paidOn, hash, asset });
  }

  /**
   * Payouts of these crossings since they were closed: each is one too many. Told with the class that the crossing was in.
   *
   * @param broughtBy what a message brought since, in smallest units, to the run's own accounts
   */
  paidAgain(
    broughtBy: (chain: Chain, message: MessageId) => bigint,
  ): { now: AuditedCrossing; was: CrossingClass }[] {
    return [...this.#kept].flatMap(([message, { class: was, ...kept }]) => {
      const again = broughtBy(kept.paidOn, message);
      if (again === 0n) return [];
      const amounts = { deposit: 0n, due: 0n, paid: again, difference: again };
      const now = {
        ...kept,
        ...amounts,
        class: "doubled",
        message,
        age: 0,
        late: false,
        rateKnown: true,
      } as const;
      return [{ now, was }];
    });
  }
}

/** Whether there is more to say of a crossing than that it was paid. */
export const isException = ({ class: is, late }: AuditedCrossing): boolean => is !== "paid once" || late;
