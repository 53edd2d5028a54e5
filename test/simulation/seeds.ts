/** Worlds of every test run: the seeds from 0 on. Each planted bug is found by one of them. */
export const SEEDS = 24;
