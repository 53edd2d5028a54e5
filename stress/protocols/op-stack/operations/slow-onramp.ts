import { amountToCross, nothingToCross, tooPoorFor } from "../../amounts.ts";
import { bridgeEth, depositTo } from "../calls.ts";
import { GAS } from "../gas.ts";
import { meteredSteps } from "../metering.ts";
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
    const { metering } = run.bridge;
    return (
      nothingToCross(amount) ??
      tooPoorFor(amount, child, run, 1, GAS.deposit) ??
      metering.refusal(metering.bridged)
    );
  },

  async *steps(child, run, draws, wanted) {
    const { contracts, minimumGas, metering } = run.bridge;
    const amount = amountToCross(child, run, 1, KEPT, wanted);
    if (draws("way") < THROUGH_PORTAL) {
      const gas = await minimumGas.paid(child.address);
      yield* meteredSteps(metering, gas, depositTo(contracts, child.address, amount, gas));
    } else
      yield* meteredSteps(metering, metering.bridged, bridgeEth(contracts, 1, amount, minimumGas.bridged));
  },
});
