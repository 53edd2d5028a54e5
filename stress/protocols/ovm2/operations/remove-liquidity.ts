import { withdrawLiquidityCall } from "../calls.ts";
import { defineOperation } from "../../operation.ts";

/** Withdraws the child's stake from the liquidity pool of the chain it is on. */
export const removeLiquidity = defineOperation({
  code: "RL",
  name: "remove liquidity",
  from: "either",

  applies: (child) => child.stake(child.on) > 0n,

  // What crossings on their way will be paid from must stay: without it they would be settled back.
  ready: (child, net) =>
    child.stake(child.on) <= net.poolFree(child.on) ? undefined : "the pool owes too much",

  build: (child, net) => withdrawLiquidityCall(net.contracts, child.on, child.stake(child.on), child.address),
});
