import type { Chain } from "../base/index.ts";
import type { MessageId } from "../chain/index.ts";
import {
  type AuditedCrossing,
  CROSSING_CLASSES,
  type CrossingArrival,
  type CrossingClass,
} from "./crossing-audit.ts";
import { KeptCrossings } from "./kept-crossings.ts";

/** What a message brought to the run's own accounts on a chain. Smallest units. */
export interface Brought {
  readonly chain: Chain;
  readonly message: MessageId;
  readonly amount: bigint;
  readonly arrivals: readonly CrossingArrival[];
}

/** Crossings that were over so long ago that they are counted and forgotten, but for what tells a second payout. */
export class ClosedCrossings {
  readonly counts: Record<CrossingClass, number>;
  late = 0;
  rateUnknown = 0;
  /** Those that were not simply paid once, in time. */
  readonly exceptions: AuditedCrossing[] = [];
  readonly #kept = new KeptCrossings();

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
    this.#kept.add(message, crossing);
  }

  /**
   * Payouts of these crossings since they were closed: each is one too many. Told with the class that the crossing was in.
   *
   * @param brought what messages brought since, in smallest units, to the run's own accounts
   */
  paidAgain(brought: Iterable<Brought>): { now: AuditedCrossing; was: CrossingClass }[] {
    const again: { now: AuditedCrossing; was: CrossingClass }[] = [];
    for (const { chain, message, amount, arrivals } of brought) {
      const known = amount === 0n ? undefined : this.#kept.get(message);
      if (known === undefined || known.paidOn !== chain) continue;
      const { class: was, ...kept } = known;
      const amounts = { deposit: 0n, due: 0n, paid: amount, difference: amount };
      const forgotten = { block: undefined, startedAt: undefined };
      const told = { ...forgotten, arrivals, message, age: 0, late: false, rateKnown: true };
      again.push({ now: { ...kept, ...amounts, ...told, class: "doubled" }, was });
    }
    return again;
  }
}

/** Whether there is more to say of a crossing than that it was paid. */
export const isException = ({ class: is, late }: AuditedCrossing): boolean => is !== "paid once" || late;
