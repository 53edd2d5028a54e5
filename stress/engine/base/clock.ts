/**
 * Time, passed in whole: who waits asks the clock, so that a test or a simulation decides how long that takes. Nothing in
 * the engine uses timers of its own.
 */
export interface Clock {
  /** Unix time in milliseconds, with fractions. It never runs backwards. */
  now(): number;
  /** Waits; a signal ends the wait early. It never rejects: who needs to know looks at the signal. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** A signal that is aborted after this time in milliseconds. It keeps no process alive. */
  alarm(ms: number): AbortSignal;
}

/**
 * Does something at an interval in milliseconds, one time after the other; the returned function ends that.
 *
 * @param onError is told what `act` throws: nobody waits for it
 */
export function every(
  clock: Clock,
  intervalMs: number,
  act: () => void | Promise<void>,
  onError: (error: unknown) => void,
): () => void {
  const ended = new AbortController();
  void (async () => {
    for (;;) {
      await clock.sleep(intervalMs, ended.signal);
      if (ended.signal.aborted) return;
      try {
        await act();
      } catch (error) {
        onError(error);
      }
    }
  })();
  return () => ended.abort();
}
