import { allButReserve, nothingToCross } from "../../amounts.ts";
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

  ready: (child, run) => {
    if (!run.mayLeaveL2()) return "one in five stays on L2";
    return nothingToCross(allButReserve(child, run, 2, GAS));
  },

  steps: (child, run) => oneStep(withdrawal(run.bridge.contracts, allButReserve(child, run, 2, GAS))),

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
