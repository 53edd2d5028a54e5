import { type ChildView, oneStep, type Wanted } from "../../operation.ts";
import { addLiquidityCall } from "../calls.ts";
import { defineOvmOperation, STAKE } from "../operation.ts";

/** The part of the balance that is staked: a quarter. */
const PART = 4n;

const GAS = 100_000n;

/** Wei that are staked. */
const stakeOf = (child: ChildView, wanted: Wanted | undefined): bigint =>
  wanted?.amount ?? child.balance(child.on) / PART;

/** Adds a quarter of the balance to the ETH liquidity pool of the chain the child is on. */
export const addLiquidity = defineOvmOperation({
  code: "AL",
  name: "add liquidity",
  from: "either",
  share: 5,
  takesAmount: true,

  applies: (child) => child.amount(child.on, STAKE) === 0n,

  ready: (child, run, wanted) => {
    const rest = child.balance(child.on) - stakeOf(child, wanted);
    return rest >= run.feeBound(child.on, GAS) ? undefined : "balance below fees";
  },

  steps: (child, { bridge }, _, wanted) =>
    oneStep({
      chain: child.on,
      plan: addLiquidityCall(bridge.contracts, child.on, stakeOf(child, wanted)),
    }),
});
