import type { Clock } from "../../stress/engine/base/index.ts";
import { systemClock } from "../../stress/platform/system-clock.ts";

/** The machine's clock, of which a test skips what it would have to wait for. Alarms come by the machine's own time. */
export class SkippingClock implements Clock {
  #skipped = 0;
  #skip = new AbortController();

  now(): number {
    return systemClock.now() + this.#skipped;
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    const until = this.now() + ms;
    for (;;) {
      const left = until - this.now();
      if (left <= 0 || signal?.aborted === true) return;
      const either = signal === undefined ? this.#skip.signal : AbortSignal.any([this.#skip.signal, signal]);
      await systemClock.sleep(left, either);
    }
  }

  alarm(ms: number): AbortSignal {
    return systemClock.alarm(ms);
  }

  /** This time in milliseconds is over at once, for whoever asks and for whoever sleeps. */
  skip(ms: number): void {
    const woken = this.#skip;
    this.#skipped += ms;
    this.#skip = new AbortController();
    woken.abort();
  }
}
