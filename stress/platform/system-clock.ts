import { setTimeout as sleep } from "node:timers/promises";
import type { Clock } from "../engine/base/index.ts";

/** The longest that a timer can wait. Milliseconds. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

const within = (ms: number): number => Math.min(Math.max(0, ms), LONGEST_TIMER_MS);

/** The machine's time. */
export const systemClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  sleep: async (ms, signal) => {
    if (signal?.aborted === true) return;
    try {
      await sleep(within(ms), undefined, signal === undefined ? {} : { signal });
    } catch (error) {
      // That is how node tells that the signal came.
      if (!(error instanceof Error) || error.name !== "AbortError") throw error;
    }
  },
  alarm: (ms) => AbortSignal.timeout(Math.round(within(ms))),
};
