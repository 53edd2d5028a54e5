import { payment } from "../payment.ts";
import type { OvmOperation } from "./operation.ts";
import { addLiquidity } from "./operations/add-liquidity.ts";
import { fastExit } from "./operations/fast-exit.ts";
import { fastOnramp } from "./operations/fast-onramp.ts";
import { removeLiquidity } from "./operations/remove-liquidity.ts";
import { slowExit } from "./operations/slow-exit.ts";
import { slowOnramp } from "./operations/slow-onramp.ts";

/**
 * THE registry: what children can do, in the order in which the dispatcher rolls for them. Shares, the schema of target
 * files, bookkeeping, watched events, log codes and report rows derive from it. Payments come last: they are what a child
 * does where no share hits.
 */
export const OPERATIONS: readonly OvmOperation[] = [
  addLiquidity,
  removeLiquidity,
  fastOnramp,
  slowOnramp,
  fastExit,
  slowExit,
  payment,
];
