import { amountToCross, nothingToCross, tooPoorFor } from "../../amounts.ts";
import { fastCrossing } from "../calls.ts";
import { defineOvmOperation, POOL_PAYMENT, tooMuchFor } from "../operation.ts";

const GAS = 260_000n;

/** L1 pool deposit, paid out by the L2 pool. */
export const fastOnramp = defineOvmOperation({
  code: "FO",
  name: "fast onramp",
  from: 1,
  to: 2,
  share: 20,
  takesAmount: true,
  fallback: "SO",

  ready: (child, run, wanted) => {
    const amount = amountToCross(child, run, 1, GAS, wanted);
    return (
      nothingToCross(amount) ?? tooPoorFor(amount, child, run, 1, GAS) ?? tooMuchFor(2, amount, run.bridge)
    );
  },

  async *steps(child, run, _, wanted) {
    const amount = amountToCross(child, run, 1, GAS, wanted);
    const release = run.bridge.owe(2, amount);
    try {
      yield { kind: "send", ...fastCrossing(run.bridge.contracts, 1, amount, undefined) };
    } finally {
      release();
    }
  },

  payouts: [
    { ...POOL_PAYMENT, contract: "L2LiquidityPool", event: "ClientPayL2" },
    { ...POOL_PAYMENT, contract: "L1LiquidityPool", event: "ClientPayL1Settlement" },
  ],
});
