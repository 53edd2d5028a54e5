import { type Clock, whenAborted } from "../engine/base/index.ts";

/** The longest that a timer can wait. Milliseconds. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

const within = (ms: number): number => Math.min(Math.max(0, ms), LONGEST_TIMER_MS);

/** The machine's time. */
export const systemClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      const timer = setTimeout(() => {
        end();
        resolve();
      }, within(ms));
      const wake = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const end = signal === undefined ? () => undefined : whenAborted(signal, wake);
    }),
  alarm: (ms) => AbortSignal.timeout(Math.round(within(ms))),
};
