/** A figure that a measurement gives, and what it must reach. */
export interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly wanted?: { readonly atLeast: number } | { readonly atMost: number };
}

/** How large what is measured is: all of it, or as little as shows that it works. */
export interface Scale {
  /** Children where all of it has a thousand. */
  readonly children: (ofAThousand: number) => number;
  /** Milliseconds of load. */
  readonly loadMs: number;
}

/** Something that is measured in each round, in turn with the others. */
export interface Measurement {
  readonly name: string;
  readonly about: string;
  readonly figures: readonly Figure[];
  /** Figures by name; those that could not be told are left out. */
  measure(scale: Scale, round: number): Promise<Readonly<Record<string, number>>>;
}

export const WHOLE: Scale = { children: (all) => all, loadMs: 12_000 };

export const QUICK: Scale = { children: (all) => Math.max(4, Math.round(all / 100)), loadMs: 4000 };

/** A value that as many are below as above; of an even number the lower one. */
export const median = (all: readonly number[]): number => percentile(all, 0.5);

/** @param part of all values that are no greater: 0.99 for the 99th percentile */
export function percentile(all: readonly number[], part: number): number {
  const sorted = all.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? Number.NaN;
}
