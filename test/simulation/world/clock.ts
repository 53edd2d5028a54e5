import type { Clock } from "../../../stress/engine/base/index.ts";

interface Sleeper {
  readonly at: number;
  readonly order: number;
  readonly wake: () => void;
}

/** Raised where a simulation did not come to its end in the virtual time that it may take. */
export class Endless extends Error {
  override readonly name = "Endless";
}

/**
 * Time that stands still while anything can run, and then jumps to the next sleeper. Whatever happens in a simulation does so in
 * an order that depends on nothing but its seed.
 */
export class VirtualTime {
  #now: number;
  #sleepers: Sleeper[] = [];
  #order = 0;

  /** @param start Unix milliseconds */
  constructor(start: number) {
    this.#now = start;
  }

  get now(): number {
    return this.#now;
  }

  /** Calls `wake` at a time; the returned function keeps it from that. */
  at(time: number, wake: () => void): () => void {
    const sleeper = { at: Math.max(time, this.#now), order: this.#order++, wake };
    let [low, high] = [0, this.#sleepers.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = this.#sleepers[middle];
      if (other !== undefined && other.at <= sleeper.at) low = middle + 1;
      else high = middle;
    }
    this.#sleepers.splice(low, 0, sleeper);
    return () => {
      const index = this.#sleepers.indexOf(sleeper);
      if (index >= 0) this.#sleepers.splice(index, 1);
    };
  }

  /** Lets this much time go by, in milliseconds. */
  pass(ms: number): Promise<void> {
    return this.until(new Promise((resolve) => this.at(this.#now + ms, resolve)), ms);
  }

  /**
   * Lets time go on until a promise is settled.
   *
   * @throws {Endless} after this much virtual time, in milliseconds
   */
  async until<T>(promise: Promise<T>, mostMs: number): Promise<T> {
    const end = this.#now + mostMs;
    let isSettled = false;
    const settle = (): void => {
      isSettled = true;
    };
    promise.then(settle, settle);
    for (;;) {
      await quiet();
      if (isSettled) return promise;
      const next = this.#sleepers.shift();
      if (next === undefined || next.at > end)
        throw new Endless(
          `not over after ${Math.round((this.#now + mostMs - end) / 1000)} s of virtual time`,
        );
      this.#now = next.at;
      next.wake();
    }
  }
}

/** Waits until nothing can run any more but by time going on: promises, and files that are read. */
async function quiet(): Promise<void> {
  do await new Promise<void>((resolve) => setImmediate(resolve));
  while (process.getActiveResourcesInfo().some((resource) => resource.startsWith("FSReq")));
}

/**
 * The clock of one process in a simulation, which may be killed at any await. One that was killed never wakes anybody again:
 * what it does next is nothing.
 */
export class ProcessClock implements Clock {
  readonly #time: VirtualTime;
  readonly #killAfter: number;
  readonly #killed = Promise.withResolvers<undefined>();
  #awaits = 0;

  /** @param killAfter awaits after which the process is killed */
  constructor(time: VirtualTime, killAfter = Number.POSITIVE_INFINITY) {
    this.#time = time;
    this.#killAfter = killAfter;
  }

  get isDead(): boolean {
    return this.#awaits >= this.#killAfter;
  }

  /** Comes when the process is killed. */
  get killed(): Promise<undefined> {
    return this.#killed.promise;
  }

  /** Passes a place where the process may be killed. @returns whether it lives */
  pass(): boolean {
    if (this.isDead) return false;
    this.#awaits++;
    if (this.isDead) this.#killed.resolve(undefined);
    return !this.isDead;
  }

  now(): number {
    return this.#time.now;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (!this.pass()) return new Promise(() => undefined);
    if (signal?.aborted === true) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        cancel();
        signal?.removeEventListener("abort", wake);
        if (this.pass()) resolve();
      };
      const cancel = this.#time.at(this.#time.now + Math.max(0, ms), wake);
      signal?.addEventListener("abort", wake, { once: true });
    });
  }

  alarm(ms: number): AbortSignal {
    const alarm = new AbortController();
    this.#time.at(this.#time.now + ms, () => {
      if (!this.isDead) alarm.abort();
    });
    return alarm.signal;
  }
}
