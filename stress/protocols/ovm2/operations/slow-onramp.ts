import { allButReserve, nothingToCross } from "../../amounts.ts";
import { depositCall } from "../calls.ts";
import { defineOperation } from "../../operation.ts";

const GAS = 480_000n;

/** Deposit through the L1 standard bridge. */
export const slowOnramp = defineOperation({
  code: "SO",
  name: "slow onramp",
  from: 1,
  to: 2,

  ready: (child, net) => nothingToCross(allButReserve(child, net, 1, GAS)),

  build: (child, net) => depositCall(net.contracts, allButReserve(child, net, 1, GAS)),

  payout: {
    contract: "L2StandardBridge",
    event: "DepositFinalized",
    to: "_to",
    amount: "_amount",
    token: "_l2Token",
  },
});
