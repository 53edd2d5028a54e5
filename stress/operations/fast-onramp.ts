import { ABI, POOL_ETH } from "../engine/contracts.ts";
import { allButReserve, nothingToCross } from "./amounts.ts";
import { defineOperation } from "./operation.ts";

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

  build: (child, net) => {
    const amount = allButReserve(child, net, 1, GAS);
    // The amount is the transaction's value; the argument is for tokens.
    const data = ABI.L1LiquidityPool.encodeFunctionData("clientDepositL1", [0, POOL_ETH[1]]);
    return { to: net.contracts.pool[1], data, value: amount, movement: { kind: "crossing", amount } };
  },

  fallback: "SO",
  payout: {
    contract: "L2LiquidityPool",
    event: "ClientPayL2",
    to: "sender",
    amount: "amount",
    settledBack: {
      contract: "L1LiquidityPool",
      event: "ClientPayL1Settlement",
      to: "sender",
      amount: "amount",
    },
  },
});
