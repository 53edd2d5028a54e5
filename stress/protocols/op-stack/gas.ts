/**
 * Gas that is set aside for what comes, before any node can be asked for it: what a child keeps, and what it must have. The
 * transactions themselves are estimated. Measured on contracts of all generations, with room.
 */
export const GAS = {
  /** `bridgeETH` on L1 burns about what it asks for on L2. (612,000 to 621,000 with a minimum of 200,000.) */
  deposit: 700_000n,
  /** `bridgeETH` on L2. (146,000 to 161,000.) */
  initiate: 220_000n,
  /** On L1 for one withdrawal: two proofs (176,000 to 270,000 each) and a finalisation (198,000 to 261,000). */
  exit: 1_200_000n,
} as const;
