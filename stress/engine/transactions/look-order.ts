import type { SentTransaction } from "./sent-transaction.ts";

/** What a round goes by. */
export interface Round {
  /** Whether a transaction waits to be mined: those that do not are forgotten. */
  readonly isWaiting: (transaction: SentTransaction) => boolean;
  /** Whether it was looked for so lately that nobody behind it is due. */
  readonly isEarly: (transaction: SentTransaction) => boolean;
  readonly isDue: (transaction: SentTransaction) => boolean;
}

/**
 * Transactions in the order in which they were looked for last, or sent: a round begins at the front, and goes through no more than
 * have waited long.
 */
export class LookOrder {
  readonly #order = new Set<SentTransaction>();
  /** Those that are looked for first. */
  readonly #urgent = new Set<SentTransaction>();

  /** It was sent, or looked for, now. */
  toEnd(transaction: SentTransaction): void {
    this.#order.delete(transaction);
    this.#order.add(transaction);
  }

  /** It is to be looked for in the next round. */
  hurry(transaction: SentTransaction): void {
    this.toEnd(transaction);
    this.#urgent.add(transaction);
  }

  /** It waits no longer. */
  delete(transaction: SentTransaction): void {
    this.#order.delete(transaction);
    this.#urgent.delete(transaction);
  }

  /** Who is looked for now, at most so many: where more wait, each has its turn. */
  due(most: number, { isWaiting, isEarly, isDue }: Round): readonly SentTransaction[] {
    const due = new Set<SentTransaction>();
    for (const transaction of this.#urgent) {
      if (due.size === most) break;
      this.#urgent.delete(transaction);
      if (isWaiting(transaction)) due.add(transaction);
    }
    for (const transaction of this.#order) {
      if (due.size === most || isEarly(transaction)) break;
      if (!isWaiting(transaction)) this.#order.delete(transaction);
      else if (isDue(transaction)) due.add(transaction);
    }
    return [...due];
  }
}
