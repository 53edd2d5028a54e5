import { allButReserve, nothingToCross } from "../../amounts.ts";
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

  ready: (child, run) => nothingToCross(allButReserve(child, run, 1, GAS)),

  steps: (child, run) => oneStep(deposit(run.bridge.contracts, allButReserve(child, run, 1, GAS))),

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
