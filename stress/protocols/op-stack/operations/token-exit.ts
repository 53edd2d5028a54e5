import { bridgeTokens } from "../calls.ts";
import { GAS } from "../gas.ts";
import { defineOpStackOperation } from "../operation.ts";
import { tokenAmount, tokenRefusal } from "../token-amount.ts";
import { exitRefusal, exitSteps } from "../withdrawals/exit.ts";

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
    const refusal = exitRefusal(child, run);
    if (refusal !== undefined) return refusal;
    if (child.balance(2) < run.feeBound(2, GAS.tokenInitiate)) return "balance below fees";
    return tokenRefusal(run.bridge, child, 2, wanted);
  },

  steps: (child, { bridge }, _, wanted) => {
    const { contracts, minimumGas } = bridge;
    const { token } = contracts;
    if (token === undefined) throw new Error("a token crossing is refused where there is no token");
    const amount = tokenAmount(child, 2, wanted);
    const initiation = bridgeTokens(contracts, token, 2, amount, minimumGas.bridgedTokens);
    return exitSteps(bridge, child.address, initiation);
  },
});
