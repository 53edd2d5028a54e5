/** Wei that L2 charges for a transaction's data. */
export const DATA_FEE = 3_000_000_000_000n;

/** Whoever gets the fees. */
export const COINBASE = `0x${"00".repeat(19)}c0`;

/** Gas of a plain payment, and of every call to a bridge's contracts. */
export const PAYMENT_GAS = 21_000n;
export const CALL_GAS = 90_000n;
