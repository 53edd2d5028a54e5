import type { Chain } from "../base/index.ts";
import type { TxHash } from "../rpc/index.ts";
import type { Holding } from "./holding.ts";

/** Where the chain and the books disagree. */
export interface Difference {
  /** What the account has more than is booked (less: below 0). */
  readonly amounts: Holding;
  readonly chain: Chain;
  readonly account: string;
  /** It appeared after the state of the first block, and no later than in that of the second. */
  readonly between: readonly [number, number];
  /** Own transactions and payouts of the account in these blocks. */
  readonly transactions: readonly TxHash[];
  /** Transactions of the account in the block that this run did not send. */
  readonly foreign: readonly TxHash[];
  /** What the chain charges beside gas × price, and the receipts of these transactions do not tell: it may be what differs. */
  readonly untold?: readonly string[];
}

/** The books of one chain, compared with the balances of one block. */
export interface ReconciledBooks {
  readonly kind: "reconciled";
  readonly chain: Chain;
  /** The block whose balances they were compared with. */
  readonly block: number;
  /** What all accounts had when they were taken up, and what the chain says they have. */
  readonly opening: Holding;
  readonly closing: Holding;
  /** What each cause did to all accounts together, in the order in which a person reads an account. */
  readonly causes: Readonly<Record<string, Holding>>;
  readonly differences: readonly Difference[];
}

export type ChainBooks =
  | ReconciledBooks
  /** The chain could not be read. */
  | { readonly kind: "unknown"; readonly chain: Chain; readonly reason: string };
