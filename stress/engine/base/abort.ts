/** Rejected with where a stop cut a wait short. */
export class Abandoned extends Error {
  override readonly name = "Abandoned";
}

/**
 * Waits for `promise`, or for `signal` if that comes first.
 *
 * @throws {Abandoned} where the signal came first
 */
export function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abandon = (): void => reject(new Abandoned("stopped waiting"));
    if (signal.aborted) abandon();
    signal.addEventListener("abort", abandon, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abandon));
  });
}
