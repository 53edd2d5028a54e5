import type { Inquiries } from "../audit/index.ts";
import type { OpenOperation } from "./child.ts";

/** Operations that are asked for at the same time. */
const AT_ONCE = 20;

/** Milliseconds after which a payout is late, and after which its operation is stuck. */
interface Limits {
  readonly slowAfter: number;
  readonly stuckAfter: number;
}

/** An operation, and the milliseconds since its start. */
interface Aged {
  readonly open: OpenOperation;
  readonly age: number;
}

/** When an operation is asked for, in milliseconds since its start. */
interface Look {
  next: number;
  isAsking: boolean;
  /** The age at which it was last asked for, with an answer. */
  answeredFor: number;
}

/**
 * Looks for payouts that are waited for too long: their events may be missing of what a node told. It is asked when one is late, again
 * whenever it has waited twice as long, and before it counts as stuck.
 */
export class SecondLook {
  readonly #inquiries: Pick<Inquiries, "arrival">;
  readonly #limits: Limits;
  readonly #looks = new WeakMap<OpenOperation, Look>();
  #asking = 0;

  constructor(inquiries: Pick<Inquiries, "arrival">, limits: Limits) {
    this.#inquiries = inquiries;
    this.#limits = limits;
  }

  /**
   * Looks where it is time to. To be called now and then.
   *
   * @param underWay operations with their ages, oldest first
   * @param fail is told a mistake of our own
   */
  check(underWay: readonly Aged[], fail: (error: unknown) => void): void {
    for (const { open, age } of underWay) {
      const look = this.#lookOf(open);
      const isDue = age > this.#limits.stuckAfter && !this.isThrough({ open, age });
      if (this.#asking >= AT_ONCE) return;
      if (open.message === undefined || look.isAsking || (age <= look.next && !isDue)) continue;
      look.next = 2 * age;
      this.#ask(open, look, age).catch(fail);
    }
  }

  /** Whether there is nothing to ask, or an operation that waited too long was asked for since: what is left is to call it stuck. */
  isThrough({ open, age }: Aged): boolean {
    const { stuckAfter } = this.#limits;
    return open.message === undefined || age <= stuckAfter || this.#lookOf(open).answeredFor > stuckAfter;
  }

  #lookOf(open: OpenOperation): Look {
    const look = this.#looks.get(open) ?? { next: this.#limits.slowAfter, isAsking: false, answeredFor: 0 };
    this.#looks.set(open, look);
    return look;
  }

  async #ask({ message, messageTo }: OpenOperation, look: Look, age: number): Promise<void> {
    if (message === undefined || messageTo === undefined) return;
    this.#asking++;
    look.isAsking = true;
    try {
      await this.#inquiries.arrival(messageTo, message);
    } finally {
      this.#asking--;
      look.isAsking = false;
      look.answeredFor = age;
    }
  }
}
