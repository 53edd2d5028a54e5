import { withdrawLiquidityCall } from "../calls.ts";
import { defineOvmOperation, STAKE } from "../operation.ts";

/** Withdraws the child's stake from the liquidity pool of the chain it is on. */
export const removeLiquidity = defineOvmOperation({
  code: "RL",
  name: "remove liquidity",
  from: "either",
  share: 5,

  applies: (child) => child.amount(child.on, STAKE) > 0n,

  // What crossings on their way will be paid from must stay: without it they would be settled back.
  ready: (child, { bridge }) =>
    child.amount(child.on, STAKE) <= bridge.poolFree(child.on) ? undefined : "the pool owes too much",

  async *steps(child, { bridge }) {
    const chain = child.on;
    const stake = child.amount(chain, STAKE);
    const release = bridge.owe(chain, stake);
    try {
      yield {
        kind: "send",
        chain,
        plan: withdrawLiquidityCall(bridge.contracts, chain, stake, child.address),
      };
    } finally {
      release();
    }
  },
});
