/** Rejected with where a stop cut a wait short. */
export class Abandoned extends Error {
  override readonly name = "Abandoned";
}

/**
 * What is done when a signal comes. A signal goes through all of its listeners for each that comes or goes, and thousands of
 * children wait for the same stop: it has one, for as long as there is something to do.
 */
class AbortActs {
  readonly #signal: AbortSignal;
  readonly #acts = new Set<() => void>();

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  add(act: () => void): void {
    if (this.#acts.size === 0) this.#signal.addEventListener("abort", this.#all, { once: true });
    this.#acts.add(act);
  }

  delete(act: () => void): void {
    // A listener that stays would keep alive a signal that nobody else has any more.
    if (this.#acts.delete(act) && this.#acts.size === 0) this.#signal.removeEventListener("abort", this.#all);
  }

  readonly #all = (): void => {
    const acts = [...this.#acts];
    this.#acts.clear();
    for (const act of acts) act();
  };
}

const known = new WeakMap<AbortSignal, AbortActs>();

/** Of a signal that has not come; undefined where it has. */
function actsOf(signal: AbortSignal): AbortActs | undefined {
  if (signal.aborted) return undefined;
  const acts = known.get(signal) ?? new AbortActs(signal);
  known.set(signal, acts);
  return acts;
}

/**
 * Does something once when the signal comes, at once where it has come: in constant time, however many wait for it.
 *
 * @param act must not throw
 * @returns what ends that; doing it again does no harm
 */
export function whenAborted(signal: AbortSignal, act: () => void): () => void {
  const acts = actsOf(signal);
  if (acts === undefined) {
    act();
    return () => undefined;
  }
  // Its own, as the same may be asked for twice.
  const once = (): void => act();
  acts.add(once);
  return () => acts.delete(once);
}

/**
 * Waits for `promise`, or for `signal` if that comes first.
 *
 * @throws {Abandoned} where the signal came first
 */
export function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const act = (): void => reject(new Abandoned("stopped waiting"));
    const acts = actsOf(signal);
    if (acts === undefined) act();
    else acts.add(act);
    // `finally` would be two more promises, and thousands wait like this at once.
    promise.then(
      (value) => {
        acts?.delete(act);
        resolve(value);
      },
      (error: unknown) => {
        acts?.delete(act);
        reject(error);
      },
    );
  });
}
