import { type Chain, perChainAsync } from "../base/chain.ts";
import type { CrossingAudit } from "../audit/crossing-audit.ts";
import type { Connection } from "../run/connection.ts";
import { reasonOf } from "../base/errors.ts";
import { readHolding } from "./read-holding.ts";
import { type ChainBooks, type LedgerReport, ledgerReport } from "./books.ts";
import { add, isSame, NOTHING } from "./holding.ts";
import { locate } from "./locate.ts";

/** Times that books and balances are compared anew, where a reorganisation came in between. */
const ATTEMPTS = 5;

/** What both proofs say of a run. */
export interface Proofs {
  readonly ledger: LedgerReport;
  readonly audit: CrossingAudit;
}

/** Compares the books with both chains, and audits every crossing. It can be done at any time; nothing is changed by it. */
export async function prove(connection: Connection): Promise<Proofs> {
  const chains = await perChainAsync((chain) => reconcile(connection, chain));
  const audit = await connection.audit.report();
  return { audit, ledger: ledgerReport(chains, audit.exceptions) };
}

/**
 * Compares what is booked with the balances, stakes and fee tokens in the state of one block: the last that the watcher has
 * read, as of which the books are.
 */
export async function reconcile(connection: Connection, chain: Chain): Promise<ChainBooks> {
  const { reorganisations, watchers } = connection;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const anew = reorganisations.next;
    const books = await reconcileAt(connection, chain, watchers[chain].readTo);
    if (!anew.aborted) return books;
  }
  return { kind: "unknown", chain, reason: "the chain kept being reorganised" };
}

/** What books are compared with. */
export type BooksSources = Pick<Connection, "rpcs" | "contracts" | "exitFee" | "ledger">;

/**
 * Compares the books with the state of a block as of which they are. Where they differ, it is found out since which block,
 * and whether a stranger's payment explains it; that one is booked.
 */
export async function reconcileAt(sources: BooksSources, chain: Chain, block: number): Promise<ChainBooks> {
  const { ledger } = sources;
  // Copied before anything is waited for: a watcher may go on booking.
  const booked = ledger.accounts(chain).map((account) => [account, ledger.holding(account, chain)] as const);
  try {
    const actual = await Promise.all(booked.map(([account]) => readHolding(sources, account, chain, block)));
    const differing = booked.filter(([, holding], at) => !isSame(holding, actual[at] ?? NOTHING));
    const located = await Promise.all(differing.map(([account]) => locate(sources, chain, account, block)));
    return {
      kind: "reconciled",
      chain,
      block,
      opening: ledger.openings(chain),
      closing: actual.reduce(add, NOTHING),
      causes: Object.fromEntries(ledger.totals(chain)),
      differences: located.flat(),
    };
  } catch (error) {
    return { kind: "unknown", chain, reason: reasonOf(error) };
  }
}
