import { MaxUint256 } from "ethers";
import { approveTokens } from "../token.ts";
import { allButReserve, nothingToCross } from "../../amounts.ts";
import { fastCrossingCall } from "../calls.ts";
import { defineOperation } from "../../operation.ts";

const GAS = 200_000n;

/** L2 pool deposit, paid out by the L1 pool. */
export const fastExit = defineOperation({
  code: "FX",
  name: "fast exit",
  from: 2,
  to: 1,

  ready: (child, net) => {
    if (!net.mayLeaveL2()) return "one in five stays on L2";
    if (net.exitFee !== undefined && (child.feeTokens?.() ?? 0n) < net.exitFee.amount)
      return "no tokens for the exit fee";
    const amount = allButReserve(child, net, 2, GAS);
    return nothingToCross(amount) ?? (2n * amount > net.poolFree(1) ? "over half of the L1 pool" : undefined);
  },

  build: (child, net) =>
    fastCrossingCall(net.contracts, 2, allButReserve(child, net, 2, GAS), net.exitFee?.amount),

  // Once for each child: the pool takes the fee out of the child's tokens with every exit.
  prepare: (child, net) =>
    net.exitFee === undefined || child.exitFeeApproved === true
      ? undefined
      : approveTokens(net.exitFee.token, net.contracts.pool[2], MaxUint256),

  fallback: "SX",
  payout: {
    contract: "L1LiquidityPool",
    event: "ClientPayL1",
    to: "sender",
    amount: "amount",
    fee: "totalFee",
    token: "tokenAddress",
    settledBack: {
      contract: "L2LiquidityPool",
      event: "ClientPayL2Settlement",
      to: "sender",
      amount: "amount",
      fee: "totalFee",
      token: "tokenAddress",
    },
  },
});
