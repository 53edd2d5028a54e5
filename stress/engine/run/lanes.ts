import type { Chain } from "../base/index.ts";
import type { Census } from "./census.ts";
import { Child } from "./child.ts";
import type { Engine } from "./engine.ts";
import type { RunPlan } from "./plan.ts";

/**
 * The children of a run, and behind them as many again on the same accounts for each further operation that a child may have under way: that of
 * child n which is its k-th has the number n + k × children.
 */
export function lanesOf(
  { children, inFlight, seed, startChainOf }: RunPlan,
  { funder, ledger, transactions }: Pick<Engine, "funder" | "ledger" | "transactions">,
  census: Census,
): readonly Child[] {
  const accounts = Array.from({ length: children }, (_, number) => funder.deriveChild(seed, number));
  return Array.from({ length: inFlight }, (_, lane) =>
    accounts.map((account, number) => {
      // One operation at a time is never begun before the last is in the books.
      const committed =
        inFlight === 1 ? undefined : (chain: Chain) => transactions.outlay(account.address, chain);
      return new Child(number + lane * children, account, startChainOf(number), ledger, census, committed);
    }),
  ).flat();
}
