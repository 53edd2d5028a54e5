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
  #count = 0;
  #last = 0;
  #pause: Promise<void> | undefined;

  constructor(clock: Pick<Clock, "now" | "sleep">) {
    this.#clock = clock;
  }

  /** Resolves when the next piece of work may begin, in the order of those that ask: nearly always at once. */
  async turn(): Promise<void> {
    for (;;) {
      while (this.#pause !== undefined) await this.#pause;
      const now = this.#clock.now();
      if (now - this.#last > APART_MS) this.#count = 0;
      this.#last = now;
      if (++this.#count <= AT_ONCE) return;
      this.#pause = this.#clock.sleep(0).then(() => {
        this.#pause = undefined;
        this.#count = 0;
      });
    }
  }
}
