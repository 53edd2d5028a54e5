import type { Clock } from "../base/index.ts";

/** Spaces dispatches: between two of them passes at least a given time. */
export class Pacer {
  readonly #clock: Clock;
  readonly #intervalMs: number;
  #next = 0;

  constructor(clock: Clock, intervalMs: number) {
    this.#clock = clock;
    this.#intervalMs = intervalMs;
  }

  /** Waits for the next free slot, or until the signal comes. */
  async slot(signal: AbortSignal): Promise<void> {
    if (this.#intervalMs === 0) return;
    const now = this.#clock.now();
    const at = Math.max(now, this.#next);
    this.#next = at + this.#intervalMs;
    if (at > now) await this.#clock.sleep(at - now, signal);
  }
}
