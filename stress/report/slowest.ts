/** The slowest of each kind of something, so many of each and no more. */
export class Slowest<T> {
  readonly #most: number;
  readonly #lengthOf: (one: T) => number;
  readonly #kept = new Map<string, T[]>();

  /** @param lengthOf how long one took, in milliseconds */
  constructor(most: number, lengthOf: (one: T) => number) {
    this.#most = most;
    this.#lengthOf = lengthOf;
  }

  take(kind: string, one: T): void {
    const kept = this.#kept.get(kind) ?? [];
    this.#kept.set(kind, kept);
    const length = this.#lengthOf(one);
    const last = kept[this.#most - 1];
    if (last !== undefined && this.#lengthOf(last) >= length) return;
    const place = kept.findIndex((other) => this.#lengthOf(other) < length);
    kept.splice(place === -1 ? kept.length : place, 0, one);
    kept.splice(this.#most);
  }

  /** By kind, slowest first. */
  all(): ReadonlyMap<string, readonly T[]> {
    return new Map([...this.#kept].sort(([a], [b]) => a.localeCompare(b)));
  }
}
