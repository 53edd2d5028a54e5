import { highestPrice } from "./fees.ts";
import type { SentTransaction } from "./sent-transaction.ts";
import type { SubmitterChain } from "./submitter-chain.ts";

/** Why the chain itself can never have a transaction, whatever a node said of it. */
export type Impossible = "nonce used" | "cannot be paid";

/**
 * Asks the chain's state, and not the node that refused it, whether a transaction can be mined: a refusal may come from a
 * node that has it already, that is behind, or that was sent it a second time by a load balancer.
 *
 * @returns undefined where it may be mined yet
 */
export async function whyImpossible(
  { node, watcher, feeOnGas }: Pick<SubmitterChain, "node" | "watcher" | "feeOnGas">,
  transaction: SentTransaction,
): Promise<Impossible | undefined> {
  const { account, nonce, version } = transaction;
  const { address } = account;
  // One block for both: what is read of it is behind no block that was told of.
  const block = watcher.known;
  const [count, balance] = await Promise.all([
    node.transactionCount(address, block),
    node.balance(address, block),
  ]);
  // The blocks up to this one were read for it: what used its nonce is another transaction.
  if (count > nonce) return transaction.state.at === "waiting" ? "nonce used" : undefined;
  const { plan, gasLimit, fees } = version;
  const cost = plan.value + gasLimit * highestPrice(fees) + feeOnGas(gasLimit);
  return balance < cost ? "cannot be paid" : undefined;
}
