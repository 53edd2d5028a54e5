import { amountToCross, nothingToCross, tooPoorFor } from "../../amounts.ts";
import { fastRefusal, fastSteps } from "../fast/crossing.ts";
import { GAS } from "../gas.ts";
import { defineOpStackOperation } from "../operation.ts";

/** Deposit in the fast bridge on L2, paid out by its disburser on L1. */
export const fastExit = defineOpStackOperation({
  code: "FX",
  name: "fast exit",
  from: 2,
  to: 1,
  share: 20,
  takesAmount: true,
  fallback: "SX",

  ready: (child, run, wanted) => {
    if (!run.mayLeaveL2()) return "one in five stays on L2";
    const amount = amountToCross(child, run, 2, GAS.fast, wanted);
    return (
      nothingToCross(amount) ??
      tooPoorFor(amount, child, run, 2, GAS.fast) ??
      fastRefusal(run.bridge, 2, amount)
    );
  },

  steps: (child, run, _, wanted) => fastSteps(run.bridge, 2, amountToCross(child, run, 2, GAS.fast, wanted)),
});
