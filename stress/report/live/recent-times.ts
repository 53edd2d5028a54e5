import { Times } from "../times.ts";

/** The span that percentiles are of, and the parts in which it moves on. Milliseconds. */
const SPAN_MS = 60_000;
const PART_MS = 5000;

/** Significant digits of its times: 5 % at worst, and few enough different values to add up each second. */
const DIGITS = 2;

/** Times of the last minute: older ones are forgotten five seconds' worth at a time. Milliseconds. */
export class RecentTimes {
  readonly #parts: { readonly since: number; readonly times: Times }[] = [];

  /** @param at when it ended. Unix milliseconds, never earlier than the last one's */
  add(ms: number, at: number): void {
    let last = this.#parts.at(-1);
    if (last === undefined || at - last.since >= PART_MS) {
      last = { since: at, times: new Times(DIGITS) };
      this.#parts.push(last);
      this.#forget(at);
    }
    last.times.add(ms);
  }

  /** The values below which these parts of all lie; undefined where nothing ended. @param now Unix milliseconds */
  percentiles(parts: readonly number[], now: number): number[] | undefined {
    this.#forget(now);
    const all = new Times(DIGITS);
    for (const { times } of this.#parts) all.merge(times);
    return all.count === 0 ? undefined : all.percentiles(parts);
  }

  #forget(now: number): void {
    for (let oldest = this.#parts[0]; oldest !== undefined; oldest = this.#parts[0]) {
      if (now - oldest.since <= SPAN_MS) return;
      this.#parts.shift();
    }
  }
}
