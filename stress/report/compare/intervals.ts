/** How much greater the second of two is than the first, and between which limits that lies: 0.1 is a tenth more. */
export interface Change {
  readonly by: number;
  readonly from: number;
  readonly to: number;
}

/** Two-sided 95 % quantiles of Student's t, by degrees of freedom from 1 up; from there on nearly those of the normal distribution. */
const STUDENT = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131,
];
const NORMAL = 1.96;

/** Fewer values than these say nothing of where others lie. */
export const LEAST_RUNS = 3;
export const LEAST_SPANS = 8;

const asChange = ([by, from, to]: readonly [number, number, number]): Change => ({
  by: Math.expm1(by),
  from: Math.expm1(from),
  to: Math.expm1(to),
});

/**
 * By how much a run differs from earlier ones, and between which limits one more of those would: the 95 % prediction interval of their
 * logarithms. The unit is the run: operations of one run share its weather, and their number says nothing of how runs differ.
 *
 * @param before a figure of each earlier run, above 0; at least `LEAST_RUNS`
 */
export function amongRuns(before: readonly number[], now: number): Change {
  const logs = before.map(Math.log);
  const mean = logs.reduce((sum, one) => sum + one, 0) / logs.length;
  const variance = logs.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (logs.length - 1);
  const width = (STUDENT[logs.length - 2] ?? NORMAL) * Math.sqrt(variance * (1 + 1 / logs.length));
  return asChange([Math.log(now) - mean, -width, width]);
}

/**
 * By how much the spans of one run differ from those of another: the Hodges-Lehmann estimate of their logarithms' shift with its 95 %
 * interval (Mann-Whitney, which asks for no distribution). It knows how a run differs in itself, and not how runs differ.
 *
 * @param before a figure of each span of time, above 0; of both at least `LEAST_SPANS`
 */
export function betweenSpans(before: readonly number[], now: readonly number[]): Change {
  const differences = before
    .flatMap((one) => now.map((other) => Math.log(other) - Math.log(one)))
    .toSorted((a, b) => a - b);
  const [n, m] = [before.length, now.length];
  const edge = Math.max(0, Math.floor((n * m) / 2 - NORMAL * Math.sqrt((n * m * (n + m + 1)) / 12)));
  const at = (place: number): number =>
    differences[Math.min(differences.length - 1, Math.max(0, place))] ?? 0;
  return asChange([at(Math.floor(differences.length / 2)), at(edge), at(differences.length - 1 - edge)]);
}
