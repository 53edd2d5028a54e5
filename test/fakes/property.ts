/** Settings of every property test: a fixed seed, so that a run can be repeated. */
export const runs = (numRuns = 200) => ({ seed: 20_261_123, numRuns });
