/** One thing that a transaction does to what an account owns, beyond its own fees, if it succeeds. */
export interface Move {
  /** Whose; undefined: the transaction's sender's. */
  readonly account?: string;
  /** Its name in the books. */
  readonly asset: string;
  /** Smallest units of the asset; less than 0 for what is given away. */
  readonly amount: bigint;
  readonly cause: string;
}
