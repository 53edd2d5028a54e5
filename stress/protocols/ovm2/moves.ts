import { BALANCE, CAUSES, type Move } from "../../engine/ledger/index.ts";
import { STAKE, TOKENS } from "./operation.ts";

// What the bridge's calls do to what accounts own. Calls are built and read back with the same.

/** Into a pool. Wei. */
export const stakeMoves = (amount: bigint): Move[] => [
  { asset: BALANCE, amount: -amount, cause: "stake" },
  { asset: STAKE, amount, cause: "stake" },
];

/** Out of a pool. Wei. */
export const unstakeMoves = (amount: bigint, to: string): Move[] => [
  { asset: STAKE, amount: -amount, cause: "stake" },
  { account: to, asset: BALANCE, amount, cause: "stake" },
];

/** What a pool earned for its stakers. Wei. */
export const rewardMoves = (amount: bigint, to: string): Move[] => [
  { account: to, asset: BALANCE, amount, cause: "reward" },
];

/**
 * On the way to the other chain. Wei.
 *
 * @param exitFee tokens that it costs
 */
export const crossingMoves = (amount: bigint, exitFee?: bigint): Move[] => [
  { asset: BALANCE, amount: -amount, cause: CAUSES.crossing },
  ...(exitFee === undefined ? [] : [{ asset: TOKENS, amount: -exitFee, cause: "exit fee" }]),
];
