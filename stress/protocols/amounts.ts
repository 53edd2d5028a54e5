import type { Chain } from "../engine/base/index.ts";
import type { ChildView, RunView, Wanted } from "./operation.ts";

/**
 * Wei that stay behind when a child moves all it can: the minimum balance, or the fees of a transaction with this much
 * gas where they are more.
 */
export function reserve(run: RunView, chain: Chain, gas: bigint): bigint {
  const fees = run.feeBound(chain, gas);
  return fees > run.minimumBalance ? fees : run.minimumBalance;
}

/** All but the reserve: what a crossing takes along. Zero or less where there is nothing to take. */
export const allButReserve = (child: ChildView, run: RunView, chain: Chain, gas: bigint): bigint =>
  child.balance(chain) - reserve(run, chain, gas);

/** What a crossing takes along: as much as is wanted, else all but the reserve. Wei. */
export const amountToCross = (
  child: ChildView,
  run: RunView,
  chain: Chain,
  gas: bigint,
  wanted?: Wanted,
): bigint => wanted?.amount ?? allButReserve(child, run, chain, gas);

/** The reason a child has not got what it is to move and the fees of a transaction with this much gas, or undefined. */
export const tooPoorFor = (
  amount: bigint,
  child: ChildView,
  run: RunView,
  chain: Chain,
  gas: bigint,
): string | undefined =>
  amount + run.feeBound(chain, gas) > child.balance(chain) ? "balance below amount and fees" : undefined;

/** The reason a crossing has nothing to carry, or undefined. */
export const nothingToCross = (amount: bigint): string | undefined =>
  amount > 0n ? undefined : "nothing above the minimum balance";
