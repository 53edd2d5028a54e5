import type { Draws } from "../../stress/engine/base/index.ts";
import type { ChildView, Operation, RunView, SendStep } from "../../stress/protocols/operation.ts";

const noDraws: Draws = () => {
  throw new Error("it draws nothing");
};

/** The first transaction that an operation sends; what it set aside is released again. */
export async function firstStep<B>(
  operation: Operation<B>,
  child: ChildView,
  run: RunView<B>,
  draws: Draws = noDraws,
): Promise<SendStep> {
  const steps = operation.steps(child, run, draws);
  const { value } = await steps.next();
  await steps.return();
  if (value?.kind !== "send") throw new Error(`${operation.code} sends nothing first`);
  return value;
}
