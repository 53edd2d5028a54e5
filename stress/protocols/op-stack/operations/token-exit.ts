import { bridgeTokens } from "../calls.ts";
import { GAS } from "../gas.ts";
import { defineOpStackOperation } from "../operation.ts";
import { tokenAmount, tokenRefusal } from "../token-amount.ts";
import { withdrawalSteps } from "../withdrawals/steps.ts";

/** Withdrawal of tokens through the L2 standard bridge, which the child proves on L1 and finalises there. */
export const tokenExit = defineOpStackOperation({
  code: "TX",
  name: "token exit",
  from: 2,
  to: 1,
  share: 5,
  takesAmount: true,
  // As for any withdrawal: where it cannot be now, a child on L2 has something to do all the same.
  fallback: "PY",

  ready: (child, run, wanted) => {
    if (!run.mayLeaveL2()) return "one in five stays on L2";
    if (child.balance(1) < run.feeBound(1, GAS.exit)) return "too little on L1 to prove and finalise with";
    if (child.balance(2) < run.feeBound(2, GAS.tokenInitiate)) return "balance below fees";
    return tokenRefusal(run.bridge, child, 2, wanted);
  },

  async *steps(child, run, _, wanted) {
    const { contracts, minimumGas, withdrawals } = run.bridge;
    const { token } = contracts;
    if (token === undefined) throw new Error("a token crossing is refused where there is no token");
    const step = bridgeTokens(contracts, token, 2, tokenAmount(child, 2, wanted), minimumGas.bridgedTokens);
    const begun = yield { kind: "send", ...step, what: "initiation", arrivesLater: true };
    if (begun.kind !== "mined") throw new Error("a withdrawal begins with its initiation");
    yield* withdrawalSteps(withdrawals, child.address, () => begun.latest());
    yield { kind: "arrival" };
  },
});
