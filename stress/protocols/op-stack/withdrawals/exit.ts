import type { ChildView, RunView, Steps } from "../../operation.ts";
import type { CrossingStep } from "../calls.ts";
import { GAS } from "../gas.ts";
import type { OpStackView } from "../operation.ts";
import { withdrawalSteps } from "./steps.ts";

/** Why a child can withdraw nothing now, whatever it is; undefined: it can. */
export function exitRefusal(child: ChildView, run: RunView<OpStackView>): string | undefined {
  const { extent } = run.bridge.withdrawals;
  if (extent.kind === "not at all") return extent.reason;
  if (!run.mayLeaveL2()) return "one in five stays on L2";
  return child.balance(1) < run.feeBound(1, GAS.exit)
    ? "too little on L1 to prove and finalise with"
    : undefined;
}

/** A withdrawal from its initiation on, as far as the run takes it. */
export async function* exitSteps(
  { withdrawals }: Pick<OpStackView, "withdrawals">,
  child: ChildView,
  { chain, plan, crossing }: CrossingStep,
): Steps {
  const sent = { ...crossing, takes: withdrawals.takes };
  const begun = yield { kind: "send", chain, plan, crossing: sent, what: "initiation", arrivesLater: true };
  if (begun.kind !== "mined") throw new Error("a withdrawal begins with its initiation");
  yield* withdrawalSteps(withdrawals, child.address, () => begun.latest());
  if (withdrawals.extent.kind !== "until proven") yield { kind: "arrival" };
}
