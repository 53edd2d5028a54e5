import type { AuditedCrossing } from "../audit/crossing-audit.ts";
import type { Chain, PerChain } from "../base/chain.ts";
import type { TxHash } from "../rpc/receipt.ts";
import type { Holding } from "./holding.ts";
import type { Cause } from "./ledger.ts";

/** Where the chain and the books disagree: what the account has more than is booked (less: below 0). */
export interface Difference extends Holding {
  readonly chain: Chain;
  readonly account: string;
  /** It appeared after the state of the first block, and no later than in that of the second. */
  readonly between: readonly [number, number];
  /** Own transactions and payouts of the account in these blocks. */
  readonly transactions: readonly TxHash[];
  /** Transactions of the account in the block that this run did not send. */
  readonly foreign: readonly TxHash[];
}

/** The books of one chain, compared with the balances of one block. */
export type ChainBooks =
  | {
      readonly kind: "reconciled";
      readonly chain: Chain;
      /** The block whose balances they were compared with. */
      readonly block: number;
      /** What all accounts had when they were taken up, and what the chain says they have. */
      readonly opening: Holding;
      readonly closing: Holding;
      /** What each cause did to all accounts together. */
      readonly causes: Readonly<Partial<Record<Cause, Holding>>>;
      readonly differences: readonly Difference[];
    }
  /** The chain could not be read. */
  | { readonly kind: "unknown"; readonly chain: Chain; readonly reason: string };

/** The account of every wei of a run. */
export interface LedgerReport {
  readonly chains: PerChain<ChainBooks>;
  /** Crossings that were paid otherwise than is due: their differences are part of what is unaccounted. */
  readonly crossings: readonly AuditedCrossing[];
  /** What the run's accounts have more than all causes explain (less: below 0). Wei; 0 where every wei is accounted for. */
  readonly unaccounted: PerChain<bigint>;
  /** The same of the tokens that exit fees are paid in. Smallest units. */
  readonly unaccountedTokens: bigint;
}

/** Puts both chains' books and the audit's findings together. */
export function ledgerReport(
  chains: PerChain<ChainBooks>,
  exceptions: readonly AuditedCrossing[],
): LedgerReport {
  const crossings = exceptions.filter(({ difference }) => difference !== 0n);
  const differences = ([1, 2] as const).flatMap((chain) => {
    const books = chains[chain];
    return books.kind === "reconciled" ? books.differences : [];
  });
  const unaccounted = (chain: Chain): bigint =>
    differences
      .filter((one) => one.chain === chain)
      .reduce((sum, { balance, stake }) => sum + balance + stake, 0n) +
    crossings.filter(({ paidOn }) => paidOn === chain).reduce((sum, { difference }) => sum + difference, 0n);
  return {
    chains,
    crossings,
    unaccounted: { 1: unaccounted(1), 2: unaccounted(2) },
    unaccountedTokens: differences.reduce((sum, { tokens }) => sum + tokens, 0n),
  };
}

/** Whether every wei and every token of a run is accounted for, and both chains could be asked. */
export const isConserved = ({ chains, crossings }: LedgerReport): boolean =>
  crossings.length === 0 &&
  ([1, 2] as const).every((chain) => {
    const books = chains[chain];
    return books.kind === "reconciled" && books.differences.length === 0;
  });
