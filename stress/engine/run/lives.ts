/** What is under way and not over: a run does not end before it. */
export class Lives {
  readonly #lives = new Set<Promise<void>>();

  /** Until it is over; what it throws is for who waits for all of them. */
  keep(life: Promise<void>): void {
    const kept = life.then(() => void this.#lives.delete(kept));
    this.#lives.add(kept);
  }

  /** Resolves when nothing is under way, what begins meanwhile included. @throws what one of them threw */
  async over(): Promise<void> {
    while (this.#lives.size > 0) await Promise.all(this.#lives);
  }
}
