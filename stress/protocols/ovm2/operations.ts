import type { Contracts } from "./contracts.ts";
import type { Chain } from "../../engine/base/chain.ts";
import { chainOf, topicOf } from "./payouts.ts";
import type { Interest } from "../../engine/chain/block-reader.ts";
import { addLiquidity } from "./operations/add-liquidity.ts";
import { fastExit } from "./operations/fast-exit.ts";
import { fastOnramp } from "./operations/fast-onramp.ts";
import { isCrossing, type Operation, type PayoutEvent } from "../operation.ts";
import { payment } from "../payment.ts";
import { removeLiquidity } from "./operations/remove-liquidity.ts";
import { slowExit } from "./operations/slow-exit.ts";
import { slowOnramp } from "./operations/slow-onramp.ts";

/**
 * THE registry: what children can do, in the order in which the dispatcher rolls for them. Shares, watched events, log
 * codes and report rows derive from it. Payments come last: they are what a child does where no share hits.
 */
export const OPERATIONS = [
  addLiquidity,
  removeLiquidity,
  fastOnramp,
  slowOnramp,
  fastExit,
  slowExit,
  payment,
] as const satisfies readonly Operation[];

/** The operation with this code. */
export function operationOf(code: string): Operation {
  const found = OPERATIONS.find((operation) => operation.code === code);
  if (found === undefined) throw new Error(`no operation ${code}`);
  return found;
}

/** The chain that crossings of this code start on; undefined where the code is no crossing's. */
export function originOf(code: string): Chain | undefined {
  const all: readonly Operation[] = OPERATIONS;
  return all.filter(isCrossing).find((operation) => operation.code === code)?.from;
}

/** Operations a child on this chain can perform. */
export const operationsOn = (chain: Chain): readonly Operation[] =>
  OPERATIONS.filter((operation: Operation) => operation.from === "either" || operation.from === chain);

/** The ways in which crossings are paid out, or settled back, on a chain. */
export function payoutsOn(chain: Chain): readonly PayoutEvent[] {
  const all: readonly Operation[] = OPERATIONS;
  return all
    .filter(isCrossing)
    .flatMap(({ payout }): (PayoutEvent | undefined)[] => [payout, payout.settledBack])
    .filter((event) => event !== undefined)
    .filter((event) => chainOf(event) === chain);
}

/** The events on a chain that crossings are paid out or settled back with. */
export function payoutEvents(chain: Chain, contracts: Contracts): Interest {
  const events = payoutsOn(chain);
  const addresses = events.map(({ contract }) => contracts.addressOf(contract).toLowerCase());
  return { addresses: [...new Set(addresses)], topics: [...new Set(events.map(topicOf))] };
}
