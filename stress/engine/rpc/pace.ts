/**
 * How long an endpoint is left alone that is busy twice in a row, and does not say for how long; at most after some more.
 * Milliseconds.
 */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 1000;

/** Slows down what is asked of an endpoint that is busy, or limits its clients: for all calls at once. Unix milliseconds. */
export class Pace {
  #pause = 0;
  #until = 0;

  /** When the endpoint may be asked again, in milliseconds from now. */
  wait(now: number): number {
    return Math.max(0, this.#until - now);
  }

  /**
   * A message was answered, or was not.
   *
   * @param busy which part of its calls the endpoint was too busy for: where it is the smaller one, they alone come back later
   * @param retryAfter how long the endpoint wants to be left alone; 0 where it did not say. Milliseconds
   */
  heard(now: number, busy: number, retryAfter: number): void {
    const isBusy = busy >= 0.5;
    this.#until = Math.max(this.#until, now + Math.max(retryAfter, isBusy ? this.#pause : 0));
    this.#pause = isBusy ? Math.min(LONGEST_PAUSE_MS, Math.max(FIRST_PAUSE_MS, this.#pause * 2)) : 0;
  }
}
