import { amountToCross, nothingToCross, tooPoorFor } from "../../amounts.ts";
import { bridgeEth } from "../calls.ts";
import { GAS } from "../gas.ts";
import { defineOpStackOperation } from "../operation.ts";
import { exitRefusal, exitSteps } from "../withdrawals/exit.ts";

/** Withdrawal through the L2 standard bridge, which the child proves on L1 and finalises there. */
export const slowExit = defineOpStackOperation({
  code: "SX",
  name: "slow exit",
  from: 2,
  to: 1,
  share: 20,
  takesAmount: true,
  // Where it cannot withdraw now, a child on L2 has something to do all the same.
  fallback: "PY",

  ready: (child, run, wanted) => {
    const amount = amountToCross(child, run, 2, GAS.initiate, wanted);
    return (
      exitRefusal(child, run) ?? nothingToCross(amount) ?? tooPoorFor(amount, child, run, 2, GAS.initiate)
    );
  },

  steps: (child, run, _, wanted) => {
    const { bridge } = run;
    const amount = amountToCross(child, run, 2, GAS.initiate, wanted);
    const initiation = bridgeEth(bridge.contracts, 2, amount, bridge.minimumGas.bridged);
    return exitSteps(bridge, child.address, initiation);
  },
});
