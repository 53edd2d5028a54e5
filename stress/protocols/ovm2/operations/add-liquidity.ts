import { addLiquidityCall } from "../calls.ts";
import { defineOperation } from "../../operation.ts";

/** The part of the balance that is staked: a quarter. */
const PART = 4n;

const GAS = 100_000n;

/** Adds a quarter of the balance to the ETH liquidity pool of the chain the child is on. */
export const addLiquidity = defineOperation({
  code: "AL",
  name: "add liquidity",
  from: "either",

  applies: (child) => child.stake(child.on) === 0n,

  ready: (child, net) => {
    const rest = child.balance(child.on) - child.balance(child.on) / PART;
    return rest >= net.feeBound(child.on, GAS) ? undefined : "balance below fees";
  },

  build: (child, net) => {
    const amount = child.balance(child.on) / PART;
    return addLiquidityCall(net.contracts, child.on, amount);
  },
});
