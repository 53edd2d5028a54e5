import { amountToCross, nothingToCross, tooPoorFor } from "../../amounts.ts";
import { oneStep } from "../../operation.ts";
import { withdrawal } from "../calls.ts";
import { defineOvmOperation, SLOW } from "../operation.ts";

const GAS = 220_000n;

/** Withdrawal through the L2 standard bridge, paid out on L1 after the fraud-proof window. */
export const slowExit = defineOvmOperation({
  code: "SX",
  name: "slow exit",
  from: 2,
  to: 1,
  share: 20,
  takesAmount: true,

  ready: (child, run, wanted) => {
    if (!run.mayLeaveL2()) return "one in five stays on L2";
    const amount = amountToCross(child, run, 2, GAS, wanted);
    return nothingToCross(amount) ?? tooPoorFor(amount, child, run, 2, GAS);
  },

  steps: (child, run, _, wanted) =>
    oneStep(withdrawal(run.bridge.contracts, amountToCross(child, run, 2, GAS, wanted))),

  payouts: [
    {
      way: SLOW,
      contract: "L1StandardBridge",
      event: "ETHWithdrawalFinalized",
      to: "_to",
      amount: "_amount",
    },
  ],
});
