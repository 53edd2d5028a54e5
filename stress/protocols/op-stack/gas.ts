/**
 * Gas that is set aside for what comes, before any node can be asked for it: what a child keeps, and what it must have. The
 * transactions themselves are estimated. Measured on contracts of all generations, with room.
 */
export const GAS = {
  /** `bridgeETH` on L1 burns about what it asks for on L2 (measured: 206,000 to 246,000), and more while others deposit, too. */
  deposit: 1_100_000n,
  /** `bridgeETH` on L2. (146,000 to 161,000.) */
  initiate: 220_000n,
  /** `bridgeERC20` on L1, likewise, and allowing the bridge to take the tokens before. (Measured: 46,000 and 217,000.) */
  tokenDeposit: 1_100_000n,
  /** `bridgeERC20` on L2. */
  tokenInitiate: 280_000n,
  /** A deposit in the fast bridge. (55,000; the first of all 89,000.) */
  fast: 120_000n,
  /** On L1 for one withdrawal: two proofs (176,000 to 270,000 each) and a finalisation (198,000 to 261,000). */
  exit: 1_200_000n,
} as const;

/** Times the fees of a withdrawal's transactions on L1 that each child gets: prices rise, and a proof may be made again. */
export const ROOM_FOR_EXIT = 4n;

/** About what that comes to, before a run can tell exactly: what is offered for gas is up to twice its price. Wei. */
export const gasMoney = (gasPrice: bigint): bigint => 2n * ROOM_FOR_EXIT * GAS.exit * gasPrice;
