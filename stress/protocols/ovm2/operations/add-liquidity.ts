import { oneStep } from "../../operation.ts";
import { addLiquidityCall } from "../calls.ts";
import { defineOvmOperation, STAKE } from "../operation.ts";

/** The part of the balance that is staked: a quarter. */
const PART = 4n;

const GAS = 100_000n;

/** Adds a quarter of the balance to the ETH liquidity pool of the chain the child is on. */
export const addLiquidity = defineOvmOperation({
  code: "AL",
  name: "add liquidity",
  from: "either",
  share: 5,

  applies: (child) => child.amount(child.on, STAKE) === 0n,

  ready: (child, run) => {
    const rest = child.balance(child.on) - child.balance(child.on) / PART;
    return rest >= run.feeBound(child.on, GAS) ? undefined : "balance below fees";
  },

  steps: (child, { bridge }) =>
    oneStep({
      chain: child.on,
      plan: addLiquidityCall(bridge.contracts, child.on, child.balance(child.on) / PART),
    }),
});
