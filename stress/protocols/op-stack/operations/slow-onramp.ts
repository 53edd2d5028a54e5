import { amountToCross, nothingToCross, tooPoorFor } from "../../amounts.ts";
import { bridgeEth, depositTo } from "../calls.ts";
import { GAS } from "../gas.ts";
import { defineOpStackOperation } from "../operation.ts";

/** The share that goes through the portal alone: a quarter. */
const THROUGH_PORTAL = 0.25;

/** What stays behind has to pay for the next withdrawal's two transactions here. */
const KEPT = GAS.deposit + GAS.exit;

/** Deposit through the L1 standard bridge, or through the portal alone. */
export const slowOnramp = defineOpStackOperation({
  code: "SO",
  name: "slow onramp",
  from: 1,
  to: 2,
  share: 20,
  takesAmount: true,

  ready: (child, run, wanted) => {
    const amount = amountToCross(child, run, 1, KEPT, wanted);
    return nothingToCross(amount) ?? tooPoorFor(amount, child, run, 1, GAS.deposit);
  },

  async *steps(child, run, draws, wanted) {
    const { contracts, minimumGas } = run.bridge;
    const amount = amountToCross(child, run, 1, KEPT, wanted);
    const step =
      draws("way") < THROUGH_PORTAL
        ? depositTo(contracts, child.address, amount, await minimumGas.paid(child.address))
        : bridgeEth(contracts, 1, amount, minimumGas.bridged);
    yield { kind: "send", ...step };
  },
});
