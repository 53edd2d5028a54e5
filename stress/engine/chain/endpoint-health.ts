import type { Clock } from "../base/index.ts";

/** Whether an endpoint answers, and since when it does not. */
export class EndpointHealth {
  readonly #clock: Clock;
  readonly #deadAfter: number;
  #failingSince: number | undefined;
  #heardAt = Number.NEGATIVE_INFINITY;

  /** @param deadAfter milliseconds of silence after which it is dead */
  constructor(clock: Clock, deadAfter: number) {
    this.#clock = clock;
    this.#deadAfter = deadAfter;
  }

  answered(): void {
    this.#failingSince = undefined;
  }

  /** Something was answered, though not yet all that was asked: one late answer of many is no silence. */
  heard(): void {
    this.#heardAt = this.#clock.now();
  }

  /**
   * @param since when it was asked, in Unix milliseconds
   * @returns whether it answered before: an outage begins
   */
  failed(since: number): boolean {
    const begins = this.#failingSince === undefined;
    this.#failingSince ??= since;
    return begins;
  }

  /** Since when it has not answered, in Unix milliseconds; undefined while it answers. */
  get failingSince(): number | undefined {
    return this.#failingSince;
  }

  /** For how long a dead endpoint has not answered, in milliseconds; undefined while it is not dead. */
  get deadFor(): number | undefined {
    if (this.#failingSince === undefined) return undefined;
    const silent = this.#clock.now() - Math.max(this.#failingSince, this.#heardAt);
    return silent < this.#deadAfter ? undefined : silent;
  }
}
