import type { Chain } from "../../../engine/base/index.ts";
import type { Steps } from "../../operation.ts";
import type { OpStackView } from "../operation.ts";

/** Why the fast bridge may not be asked to take this much; undefined: it may. Wei. */
export const fastRefusal = (
  { fast }: Pick<OpStackView, "fast">,
  from: Chain,
  amount: bigint,
): string | undefined =>
  fast === undefined ? "the target has no fast bridge" : fast.limits.refusal(from, amount);

/** A deposit in the fast bridge. What it takes of the limits is set aside until it is paid. Wei. */
export async function* fastSteps({ fast }: Pick<OpStackView, "fast">, from: Chain, amount: bigint): Steps {
  if (fast === undefined) throw new Error("a fast crossing is refused where there is no fast bridge");
  const release = fast.limits.owe(from, amount);
  try {
    yield { kind: "send", ...fast.deposit(from, amount) };
  } finally {
    release();
  }
}
