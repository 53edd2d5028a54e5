import { MaxUint256 } from "ethers";
import { amountToCross, nothingToCross, tooPoorFor } from "../../amounts.ts";
import { fastCrossing } from "../calls.ts";
import { defineOvmOperation, POOL_PAYMENT, TOKENS, tooMuchFor } from "../operation.ts";
import { approveTokens } from "../../erc20.ts";

const GAS = 200_000n;

/** L2 pool deposit, paid out by the L1 pool. */
export const fastExit = defineOvmOperation({
  code: "FX",
  name: "fast exit",
  from: 2,
  to: 1,
  share: 20,
  takesAmount: true,
  fallback: "SX",

  ready: (child, run, wanted) => {
    const { bridge } = run;
    if (!run.mayLeaveL2()) return "one in five stays on L2";
    if (bridge.exitFee !== undefined && child.amount(2, TOKENS) < bridge.exitFee.amount)
      return "no tokens for the exit fee";
    const amount = amountToCross(child, run, 2, GAS, wanted);
    return nothingToCross(amount) ?? tooPoorFor(amount, child, run, 2, GAS) ?? tooMuchFor(1, amount, bridge);
  },

  async *steps(child, run, _, wanted) {
    const { bridge } = run;
    const { contracts, exitFee } = bridge;
    const amount = amountToCross(child, run, 2, GAS, wanted);
    const release = bridge.owe(1, amount);
    try {
      // Once for each child: the pool takes the fee out of the child's tokens with every exit.
      if (exitFee !== undefined && !bridge.approvals.has(child.address)) {
        const plan = approveTokens(exitFee.token, contracts.pool[2], MaxUint256);
        const what = "approval of the exit fee";
        yield { kind: "send", chain: 2, plan, what, note: { name: "approval" } };
        bridge.approvals.add(child.address);
      }
      yield { kind: "send", ...fastCrossing(contracts, 2, amount, exitFee?.amount) };
    } finally {
      release();
    }
  },

  payouts: [
    { ...POOL_PAYMENT, contract: "L1LiquidityPool", event: "ClientPayL1" },
    { ...POOL_PAYMENT, contract: "L2LiquidityPool", event: "ClientPayL2Settlement" },
  ],
});
