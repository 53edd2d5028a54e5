import { MaxUint256 } from "ethers";
import { approveTokens } from "../../erc20.ts";
import { bridgeTokens } from "../calls.ts";
import { GAS } from "../gas.ts";
import { meteredSteps } from "../metering.ts";
import { defineOpStackOperation } from "../operation.ts";
import { tokenAmount, tokenRefusal } from "../token-amount.ts";

/** Deposit of tokens through the L1 standard bridge, which takes them from the child: it must be allowed to, once. */
export const tokenOnramp = defineOpStackOperation({
  code: "TO",
  name: "token onramp",
  from: 1,
  to: 2,
  share: 5,
  takesAmount: true,

  ready: (child, run, wanted) =>
    tokenRefusal(run.bridge, child, 1, wanted) ??
    (child.balance(1) < run.feeBound(1, GAS.tokenDeposit) ? "balance below fees" : undefined) ??
    run.bridge.metering.refusal(run.bridge.metering.bridgedTokens),

  async *steps(child, run, _, wanted) {
    const { contracts, minimumGas, metering, approvals } = run.bridge;
    const { token, bridge } = contracts;
    if (token === undefined) throw new Error("a token crossing is refused where there is no token");
    const amount = tokenAmount(child, 1, wanted);
    if (!approvals.has(child.address)) {
      const plan = approveTokens(token[1], bridge[1], MaxUint256);
      yield { kind: "send", chain: 1, plan, what: "approval of the tokens", note: { name: "approval" } };
      approvals.add(child.address);
    }
    const step = bridgeTokens(contracts, token, 1, amount, minimumGas.bridgedTokens);
    yield* meteredSteps(metering, metering.bridgedTokens, step);
  },
});
