import { type Clock, reasonOf } from "../base/index.ts";
import { classifyRpcError, isTransient, retryAfter } from "../rpc/index.ts";
import type { TransactionPlan } from "./plan.ts";
import { NotSubmitted } from "./sent-transaction.ts";
import type { SubmitterChain } from "./submitter-chain.ts";

/** How often a node is asked, and the pause before the first repetition; it doubles. Milliseconds. */
const ATTEMPTS = 8;
const FIRST_PAUSE_MS = 200;

/** An estimate is refused when so many answers say so: one may come from a node that is behind. */
const BELIEVED_REFUSALS = 3;

/**
 * Gas that a transaction needs in the newest state that is known.
 *
 * @throws {NotSubmitted} where it cannot be done, or no node tells
 */
export async function estimateGas(
  { node }: Pick<SubmitterChain, "node">,
  clock: Clock,
  from: string,
  { to, data, value }: TransactionPlan,
  signal: AbortSignal | undefined,
): Promise<bigint> {
  let refusals = 0;
  for (let attempt = 1; ; attempt++) {
    try {
      return await node.estimateGas({ from, to, data, value });
    } catch (error) {
      const failure = classifyRpcError(error);
      if (failure === "own mistake") throw error;
      if (!isTransient(failure)) refusals++;
      if (refusals === BELIEVED_REFUSALS || attempt === ATTEMPTS || signal?.aborted === true)
        throw new NotSubmitted(failure, `gas estimate: ${reasonOf(error)}`, { cause: error });
      await clock.sleep(Math.max(retryAfter(error), FIRST_PAUSE_MS * 2 ** (attempt - 1)), signal);
      node.traffic.repeated();
    }
  }
}
