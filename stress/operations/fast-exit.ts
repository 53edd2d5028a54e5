import { MaxUint256 } from "ethers";
import { ABI, POOL_ETH } from "../engine/contracts.ts";
import { approveTokens } from "../engine/token.ts";
import { allButReserve, nothingToCross } from "./amounts.ts";
import { defineOperation, type Net } from "./operation.ts";

const GAS = 200_000n;

const exitFeeOf = ({ exitFee }: Net) => (exitFee === undefined ? {} : { exitFee: exitFee.amount });

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

  build: (child, net) => {
    const amount = allButReserve(child, net, 2, GAS);
    const data = ABI.L2LiquidityPool.encodeFunctionData("clientDepositL2", [amount, POOL_ETH[2]]);
    return {
      to: net.contracts.pool[2],
      data,
      value: amount,
      movement: { kind: "crossing", amount, ...exitFeeOf(net) },
    };
  },

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
    settledBack: {
      contract: "L2LiquidityPool",
      event: "ClientPayL2Settlement",
      to: "sender",
      amount: "amount",
    },
  },
});
