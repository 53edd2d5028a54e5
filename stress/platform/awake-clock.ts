import { type Clock, every } from "../engine/base/index.ts";

/** How often the clock is looked at, and how much later than that tells that the process did not run. Milliseconds. */
const HEARTBEAT_MS = 1000;
const PAUSE_MS = 5000;

/** Sleeps end this much too early at most. Milliseconds. */
const EARLY_MS = 50;

/** A clock that stands still while its process does. */
export interface AwakeClock extends Clock {
  /** Ends all that it does by itself; its alarms do not come any more. */
  close(): void;
}

/**
 * A clock that does not count the time in which its process was stopped (SIGSTOP, a debugger, a laptop asleep): nothing that
 * could have happened meanwhile was late because of anybody else. It lags behind the other clock by that from then on.
 *
 * @param onPause is told of each such time, in milliseconds
 */
export function awakeClock(clock: Clock, onPause: (ms: number) => void): AwakeClock {
  const closed = new AbortController();
  let seenAt = clock.now();
  let asleep = 0;
  // Whoever asks first after a pause finds it: a heartbeat alone might come behind what the time is asked for.
  const now = (): number => {
    const at = clock.now();
    const gap = at - seenAt;
    seenAt = at;
    if (gap > HEARTBEAT_MS + PAUSE_MS) {
      asleep += gap - HEARTBEAT_MS;
      onPause(gap - HEARTBEAT_MS);
    }
    return at - asleep;
  };
  const sleep = async (ms: number, signal?: AbortSignal): Promise<void> => {
    const until = now() + ms;
    for (let left = ms; ; left = until - now()) {
      await clock.sleep(left, signal);
      if (signal?.aborted === true || until - now() <= EARLY_MS) return;
    }
  };
  const end = every(
    clock,
    HEARTBEAT_MS,
    () => void now(),
    () => undefined,
  );
  return {
    now,
    sleep,
    alarm: (ms) => {
      const alarm = new AbortController();
      void sleep(ms, closed.signal).then(() => {
        if (!closed.signal.aborted) alarm.abort();
      });
      return alarm.signal;
    },
    close: () => {
      end();
      closed.abort();
    },
  };
}
