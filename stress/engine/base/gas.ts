/** Gas of a plain transfer to an account without code, on most chains (Yellow Paper, G_transaction). */
export const TRANSFER_GAS = 21_000n;
