import type { BridgeHistory } from "../protocol.ts";
import type { Way } from "./operation.ts";

/** What a recovery asks of the bridge: its ways know it, each its own. */
export const historyOf = (ways: readonly Way[]): BridgeHistory => ({
  movesOf: (call, chain) => {
    for (const way of ways) {
      const moves = way.movesOf(call, chain);
      if (moves !== undefined) return moves;
    }
    return undefined;
  },
  arrivalOf: async (chain, message, within) => {
    for (const way of ways) {
      const arrival = await way.arrivalOf(chain, message, within);
      if (arrival !== undefined) return arrival;
    }
    return undefined;
  },
  failureOf: async (chain, message, within) => {
    for (const way of ways) {
      const failure = await way.failureOf?.(chain, message, within);
      if (failure !== undefined) return failure;
    }
    return undefined;
  },
  payouts: async (chain, fromBlock, toBlock, sent) => {
    const found = await Promise.all(ways.map((way) => way.payouts(chain, { fromBlock, toBlock }, sent)));
    return found.flat();
  },
});
