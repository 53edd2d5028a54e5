import type { Clock } from "../base/index.ts";

/** Transactions that are signed one right after the other, before others have a turn: some 5 ms of work. */
const AT_ONCE = 32;

/** One that comes later than this after the last is no part of its burst. Milliseconds. */
const APART_MS = 2;

/**
 * Breaks bursts of work up. A block ends hundreds of operations at once, and each begins the next one: without a pause all of them would be
 * signed before the first is sent, and the next block would wait to be read until the last is.
 */
export class Bursts {
  readonly #clock: Pick<Clock, "now" | "sleep">;
  /** Since the last pause. */
  #count = 0;
  #last = 0;
  #waiting: (() => void)[] = [];
  #isPausing = false;

  constructor(clock: Pick<Clock, "now" | "sleep">) {
    this.#clock = clock;
  }

  /** Resolves when the next piece of work may begin, in the order of those that ask: nearly always at once. */
  async turn(): Promise<void> {
    const now = this.#clock.now();
    if (now - this.#last > APART_MS) this.#count = 0;
    this.#last = now;
    if (!this.#isPausing && this.#count < AT_ONCE) {
      this.#count++;
      return;
    }
    const turn = new Promise<void>((next) => this.#waiting.push(next));
    if (!this.#isPausing) void this.#pause();
    await turn;
  }

  /** Until nobody waits: each of thousands is woken once, for its own turn. */
  async #pause(): Promise<void> {
    this.#isPausing = true;
    while (this.#waiting.length > 0) {
      await this.#clock.sleep(0);
      const next = this.#waiting.splice(0, AT_ONCE);
      this.#count = next.length;
      for (const begin of next) begin();
    }
    this.#isPausing = false;
  }
}
