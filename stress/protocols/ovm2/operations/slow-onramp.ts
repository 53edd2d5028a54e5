import { amountToCross, nothingToCross, tooPoorFor } from "../../amounts.ts";
import { oneStep } from "../../operation.ts";
import { deposit } from "../calls.ts";
import { defineOvmOperation, SLOW } from "../operation.ts";

const GAS = 480_000n;

/** Deposit through the L1 standard bridge. */
export const slowOnramp = defineOvmOperation({
  code: "SO",
  name: "slow onramp",
  from: 1,
  to: 2,
  share: 20,
  takesAmount: true,

  ready: (child, run, wanted) => {
    const amount = amountToCross(child, run, 1, GAS, wanted);
    return nothingToCross(amount) ?? tooPoorFor(amount, child, run, 1, GAS);
  },

  steps: (child, run, _, wanted) =>
    oneStep(deposit(run.bridge.contracts, amountToCross(child, run, 1, GAS, wanted))),

  payouts: [
    {
      way: SLOW,
      contract: "L2StandardBridge",
      event: "DepositFinalized",
      to: "_to",
      amount: "_amount",
      token: "_l2Token",
    },
  ],
});
