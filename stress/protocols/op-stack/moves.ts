import { BALANCE, CAUSES, type Move } from "../../engine/ledger/index.ts";

// What the bridge's calls do to what accounts own. Calls are built and read back with the same.

/** On the way to the other chain. Smallest units. */
export const crossingMoves = (amount: bigint, asset = BALANCE): Move[] => [
  { asset, amount: -amount, cause: CAUSES.crossing },
];
