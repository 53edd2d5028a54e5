/** Significant digits that times are counted with: 0.05 % at worst, and a bounded number of different ones. */
const DIGITS = 4;

/** A time in milliseconds, and how many were as long. */
export type Bin = readonly [ms: number, count: number];

/** Times counted by their value, so that a run of days needs no more memory than one of minutes. Milliseconds. */
export class Times {
  readonly #counts = new Map<number, number>();
  readonly #digits: number;
  #total = 0;
  #max = Number.NaN;

  /** @param digits significant ones: each of them makes ten times as many different values */
  constructor(digits = DIGITS) {
    this.#digits = digits;
  }

  add(ms: number): void {
    this.#count(Number(ms.toPrecision(this.#digits)), 1);
    this.#max = this.#total === 1 ? ms : Math.max(this.#max, ms);
  }

  /** Takes over all times of another. */
  merge(other: Times): void {
    if (other.#total === 0) return;
    const max = this.#total === 0 ? other.#max : Math.max(this.#max, other.#max);
    for (const [ms, count] of other.#counts) this.#count(ms, count);
    this.#max = max;
  }

  #count(value: number, count: number): void {
    this.#counts.set(value, (this.#counts.get(value) ?? 0) + count);
    this.#total += count;
  }

  /** The values at or below which these parts of all lie (nearest rank), rising; NaN of none. */
  percentiles(parts: readonly number[]): number[] {
    const values = [...this.#counts].sort(([a], [b]) => a - b);
    let seen = 0;
    let at = -1;
    return parts.map((part) => {
      const rank = Math.max(1, Math.ceil(part * this.#total));
      while (seen < rank && at + 1 < values.length) seen += values[++at]?.[1] ?? 0;
      return Math.min(values[at]?.[0] ?? Number.NaN, this.#max);
    });
  }

  /** How many took how long, rising, with no more significant digits than these. */
  bins(digits: number): Bin[] {
    const bins = new Map<number, number>();
    for (const [ms, count] of this.#counts) {
      const value = Number(ms.toPrecision(digits));
      bins.set(value, (bins.get(value) ?? 0) + count);
    }
    return [...bins].sort(([a], [b]) => a - b);
  }

  get count(): number {
    return this.#total;
  }

  /** The greatest, exactly. */
  get max(): number {
    return this.#max;
  }
}
