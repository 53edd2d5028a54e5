import { randomInt } from "node:crypto";

/** A seed for a run that was given none. */
export const drawSeed = (): number => randomInt(2 ** 32);
