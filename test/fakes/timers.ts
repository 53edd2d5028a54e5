// The sleeps of the tests' clocks: a test decides when they end.

/** What a sleep is rejected with that a signal cut short. */
export const CUT_SHORT = "the sleep was cut short";

const sleepers = new Set<() => void>();

/** Every sleep asked for, in milliseconds. */
export const slept: number[] = [];

/** Told of each sleep as it begins. */
let onSleep: (ms: number) => void = () => undefined;

export function setTimeout<T>(
  ms: number,
  value?: T,
  { signal }: { signal?: AbortSignal } = {},
): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const give = (): void => {
      sleepers.delete(wake);
      reject(new Error(CUT_SHORT));
    };
    const wake = (): void => {
      sleepers.delete(wake);
      signal?.removeEventListener("abort", give);
      resolve(value);
    };
    slept.push(ms);
    sleepers.add(wake);
    if (signal?.aborted === true) give();
    signal?.addEventListener("abort", give, { once: true });
    onSleep(ms);
  });
}

/** Lets everything run that waits for promises alone. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Ends every sleep, and waits until what they held up has run. */
export async function wakeAll(times = 1): Promise<void> {
  for (let time = 0; time < times; time++) {
    for (const wake of sleepers) wake();
    await settled();
  }
}

/** Ends sleeps as they begin until `promise` is settled. */
export async function hurry<T>(promise: Promise<T>): Promise<T> {
  const progress = { isSettled: false };
  const settle = (): void => {
    progress.isSettled = true;
  };
  promise.then(settle, settle);
  // Whatever it waits for other than sleeps would make this last for ever.
  for (let round = 0; round < 1000 && !progress.isSettled; round++) await wakeAll();
  return promise;
}

/** From here on no sleep lasts: it ends as soon as `listener` was told of it. */
export function sleepNever(listener: (ms: number) => void = () => undefined): void {
  onSleep = (ms) => {
    listener(ms);
    for (const wake of sleepers) wake();
  };
}

/** Forgets what other tests slept. */
export function resetTimers(): void {
  sleepers.clear();
  slept.length = 0;
  onSleep = () => undefined;
}
