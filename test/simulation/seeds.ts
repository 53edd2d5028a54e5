/** Worlds of every test run: the seeds from 0 on, of the legacy protocol and of the OP Stack. */
export const SEEDS = 24;
export const OP_SEEDS = 12;

/** Of so many seeds one finds each planted bug: which one it is changes with the product. The rarest is found by one in twenty. */
export const SEEDS_TO_FIND = 240;
