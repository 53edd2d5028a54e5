/** The time, passed in wherever it is needed so that tests decide it. */
export interface Clock {
  /** Unix time in milliseconds, with fractions. */
  now(): number;
}

/** The machine's time; it never runs backwards within a process. */
export const systemClock: Clock = { now: () => performance.timeOrigin + performance.now() };
