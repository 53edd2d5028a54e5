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
  arrivalOf: async (chain, message) => {
    for (const way of ways) {
      const arrival = await way.arrivalOf(chain, message);
      if (arrival !== undefined) return arrival;
    }
    return undefined;
  },
  payouts: async (chain, from, to, sent) => {
    const found = await Promise.all(ways.map((way) => way.payouts(chain, { from, to }, sent)));
    return found.flat();
  },
});
