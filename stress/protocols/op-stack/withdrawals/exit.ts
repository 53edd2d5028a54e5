import type { ChildView, RunView, SendStep, Steps } from "../../operation.ts";
import type { CrossingStep } from "../calls.ts";
import { GAS } from "../gas.ts";
import type { OpStackView } from "../operation.ts";
import { withdrawalSteps } from "./steps.ts";

/** Why a child may not withdraw now, whatever it would; or undefined. */
export function exitRefusal(child: ChildView, run: RunView<OpStackView>): string | undefined {
  const { extent } = run.bridge.withdrawals;
  if (extent.kind === "not at all") return extent.reason;
  if (!run.mayLeaveL2()) return "one in five stays on L2";
  if (child.balance(1) < run.feeBound(1, GAS.exit)) return "too little on L1 to prove and finalise with";
  return undefined;
}

/**
 * A withdrawal from its initiation to its payout, in three transactions of the child's own; or to its proof only, where the rest
 * takes longer than a run waits.
 *
 * @param initiation what is withdrawn on L2
 */
export async function* exitSteps(
  { withdrawals }: Pick<OpStackView, "withdrawals">,
  submitter: string,
  initiation: CrossingStep,
): Steps {
  const crossing = { ...initiation.crossing, takes: withdrawals.takes };
  const step: SendStep = {
    ...initiation,
    kind: "send",
    crossing,
    what: "initiation",
    arrivesLater: true,
  };
  const begun = yield step;
  if (begun.kind !== "mined") throw new Error("a withdrawal begins with its initiation");
  yield* withdrawalSteps(withdrawals, submitter, () => begun.latest());
  if (withdrawals.extent.kind !== "until proven") yield { kind: "arrival" };
}
