import { amountToCross, nothingToCross, tooPoorFor } from "../../amounts.ts";
import { fastRefusal, fastSteps } from "../fast/crossing.ts";
import { GAS } from "../gas.ts";
import { defineOpStackOperation } from "../operation.ts";

/** What stays behind has to pay for the next withdrawal's two transactions here. */
const KEPT = GAS.fast + GAS.exit;

/** Deposit in the fast bridge on L1, paid out by its disburser on L2. */
export const fastOnramp = defineOpStackOperation({
  code: "FO",
  name: "fast onramp",
  from: 1,
  to: 2,
  share: 20,
  takesAmount: true,
  fallback: "SO",

  ready: (child, run, wanted) => {
    const amount = amountToCross(child, run, 1, KEPT, wanted);
    return (
      nothingToCross(amount) ??
      tooPoorFor(amount, child, run, 1, GAS.fast) ??
      fastRefusal(run.bridge, 1, amount)
    );
  },

  steps: (child, run, _, wanted) => fastSteps(run.bridge, 1, amountToCross(child, run, 1, KEPT, wanted)),
});
