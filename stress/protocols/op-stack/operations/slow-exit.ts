import { amountToCross, nothingToCross, tooPoorFor } from "../../amounts.ts";
import { bridgeEth } from "../calls.ts";
import { GAS } from "../gas.ts";
import { defineOpStackOperation } from "../operation.ts";
import { withdrawalSteps } from "../withdrawals/steps.ts";

/** Withdrawal through the L2 standard bridge, which the child proves on L1 and finalises there. */
export const slowExit = defineOpStackOperation({
  code: "SX",
  name: "slow exit",
  from: 2,
  to: 1,
  share: 20,
  takesAmount: true,
  // Where it cannot withdraw now, a child on L2 has something to do all the same.
  fallback: "PY",

  ready: (child, run, wanted) => {
    const { extent } = run.bridge.withdrawals;
    if (extent.kind === "not at all") return extent.reason;
    if (!run.mayLeaveL2()) return "one in five stays on L2";
    if (child.balance(1) < run.feeBound(1, GAS.exit)) return "too little on L1 to prove and finalise with";
    const amount = amountToCross(child, run, 2, GAS.initiate, wanted);
    return nothingToCross(amount) ?? tooPoorFor(amount, child, run, 2, GAS.initiate);
  },

  async *steps(child, run, _, wanted) {
    const { contracts, minimumGas, withdrawals } = run.bridge;
    const amount = amountToCross(child, run, 2, GAS.initiate, wanted);
    const { plan, crossing } = bridgeEth(contracts, 2, amount, minimumGas.bridged);
    const sent = { ...crossing, takes: withdrawals.takes };
    const begun = yield {
      kind: "send",
      chain: 2,
      plan,
      crossing: sent,
      what: "initiation",
      arrivesLater: true,
    };
    if (begun.kind !== "mined") throw new Error("a withdrawal begins with its initiation");
    yield* withdrawalSteps(withdrawals, child.address, () => begun.latest());
    if (withdrawals.extent.kind !== "until proven") yield { kind: "arrival" };
  },
});
