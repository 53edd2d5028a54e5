import { payment } from "../payment.ts";
import type { OpStackOperation } from "./operation.ts";
import { fastExit } from "./operations/fast-exit.ts";
import { fastOnramp } from "./operations/fast-onramp.ts";
import { slowExit } from "./operations/slow-exit.ts";
import { slowOnramp } from "./operations/slow-onramp.ts";
import { tokenExit } from "./operations/token-exit.ts";
import { tokenOnramp } from "./operations/token-onramp.ts";

/**
 * THE registry: what children can do, in the order in which the dispatcher rolls for them. Payments come last: they are what a
 * child does where no share hits.
 */
export const OPERATIONS: readonly OpStackOperation[] = [
  fastOnramp,
  slowOnramp,
  tokenOnramp,
  fastExit,
  slowExit,
  tokenExit,
  payment,
];
