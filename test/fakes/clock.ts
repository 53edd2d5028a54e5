import type { Clock } from "../../stress/engine/base/index.ts";
import { CUT_SHORT, setTimeout as sleep } from "./timers.ts";

/** A clock that stands still until it is moved; sleeps end when the test says so (`timers.ts`). */
export class FakeClock implements Clock {
  ms: number;
  /** Alarms set so far, in milliseconds. */
  readonly alarms: number[] = [];

  constructor(ms = 1_000_000) {
    this.ms = ms;
  }

  now(): number {
    return this.ms;
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true) return;
    try {
      await sleep(ms, undefined, signal === undefined ? {} : { signal });
    } catch (error) {
      if (!(error instanceof Error) || error.message !== CUT_SHORT) throw error;
    }
  }

  /** It never comes: a test that waits for one moves the clock, or aborts by itself. */
  alarm(ms: number): AbortSignal {
    this.alarms.push(ms);
    return new AbortController().signal;
  }

  advance(ms: number): void {
    this.ms += ms;
  }
}
