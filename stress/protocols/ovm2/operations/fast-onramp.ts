import { allButReserve, nothingToCross } from "../../amounts.ts";
import { fastCrossingCall } from "../calls.ts";
import { defineOperation } from "../../operation.ts";

const GAS = 260_000n;

/** L1 pool deposit, paid out by the L2 pool. */
export const fastOnramp = defineOperation({
  code: "FO",
  name: "fast onramp",
  from: 1,
  to: 2,

  ready: (child, net) => {
    const amount = allButReserve(child, net, 1, GAS);
    return nothingToCross(amount) ?? (2n * amount > net.poolFree(2) ? "over half of the L2 pool" : undefined);
  },

  build: (child, net) => fastCrossingCall(net.contracts, 1, allButReserve(child, net, 1, GAS), undefined),

  fallback: "SO",
  payout: {
    contract: "L2LiquidityPool",
    event: "ClientPayL2",
    to: "sender",
    amount: "amount",
    fee: "totalFee",
    token: "tokenAddress",
    settledBack: {
      contract: "L1LiquidityPool",
      event: "ClientPayL1Settlement",
      to: "sender",
      amount: "amount",
      fee: "totalFee",
      token: "tokenAddress",
    },
  },
});
