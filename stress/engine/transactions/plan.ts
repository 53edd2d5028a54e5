import { BALANCE, CAUSES, type Move } from "../ledger/index.ts";

/** A transaction as who wants it says: neither nonce nor fees. Wei. */
export interface TransactionPlan {
  readonly to: string;
  readonly data: string;
  readonly value: bigint;
  /** What it does to what accounts own, beyond its own fees. Default: it pays its value to `to`. */
  readonly moves?: readonly Move[];
  /** Gas that a call is known to take, where that is certain; otherwise, and for plain transfers, it is estimated. */
  readonly gas?: bigint;
  /**
   * Whether all calls of this function take about the same gas, whoever makes them: then an estimate of one holds for others, for a
   * while. Not for calls that may turn out to be impossible, as an estimate tells that, too. Default: each is estimated.
   */
  readonly alike?: boolean;
  /** Times its estimate that a call may take by the time it is mined, where that depends on what others do meanwhile. Default: once. */
  readonly mayTakeTimes?: bigint;
  /** Exact price per gas to pay, so that nothing of the fee comes back; undefined: what the chain asks. */
  readonly exactGasPrice?: bigint;
}

/** Whether a plan is no more than a plain transfer. */
export const isTransfer = ({ data }: TransactionPlan): boolean => data === "0x";

/** What paying an amount of an asset does to payer and payee. */
export const paymentMoves = (to: string, amount: bigint, asset = BALANCE): Move[] => [
  { asset, amount: -amount, cause: CAUSES.payment },
  { account: to, asset, amount, cause: CAUSES.payment },
];

/** Pays ETH, and nothing else. Wei. */
export const transfer = (to: string, amount: bigint): TransactionPlan => ({ to, data: "0x", value: amount });

/** What a plan does to what accounts own. Of tens of thousands of payments that are kept it is made up only while it is wanted. */
export const movesOf = ({ to, value, moves = paymentMoves(to, value) }: TransactionPlan): readonly Move[] =>
  moves;

/** A transaction that does nothing but take a nonce. */
export const nothingTo = (to: string): TransactionPlan => ({
  to,
  data: "0x",
  value: 0n,
  moves: [],
});
