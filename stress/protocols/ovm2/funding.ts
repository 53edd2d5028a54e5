import { z } from "zod";
import { weiOf } from "../../engine/base/index.ts";

/** What a target's `funding` has for this protocol. */
export const fundingShape = {
  poolMinimumEth: z
    .number()
    .nonnegative()
    .max(1e9)
    .default(11)
    .describe("the funder tops each pool up to it"),
};

/** What each pool is topped up to before a run. Wei. */
export const poolMinimum = (funding: unknown): bigint =>
  weiOf(z.object(fundingShape).parse(funding).poolMinimumEth);
