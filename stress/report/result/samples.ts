import type { GeneratorFigures } from "../../engine/base/index.ts";

/** What is known of a run at one moment. */
export interface Sample {
  /** Unix milliseconds. */
  readonly at: number;
  /** Operations that are open. */
  readonly open: number;
  /** JSON-RPC calls so far, those that were repeated, and errors, of both chains. */
  readonly calls: readonly [l1: number, l2: number];
  readonly repeated: readonly [l1: number, l2: number];
  readonly errors: readonly [l1: number, l2: number];
  /** Wei, of what the bridge keeps, by name. */
  readonly levels: Readonly<Record<string, bigint>>;
  /** Since the sample before. */
  readonly generator: GeneratorFigures;
}

const MOST_SAMPLES = 240;

/** Samples of a run: of a long one every second, fourth, eighth … is left. */
export class Samples {
  #kept: Sample[] = [];
  #every = 1;
  #taken = 0;

  add(sample: Sample): void {
    if (this.#taken++ % this.#every !== 0) return;
    this.#kept.push(sample);
    if (this.#kept.length < MOST_SAMPLES) return;
    this.#kept = this.#kept.filter((_, at) => at % 2 === 0);
    this.#every *= 2;
  }

  get all(): readonly Sample[] {
    return this.#kept;
  }
}
