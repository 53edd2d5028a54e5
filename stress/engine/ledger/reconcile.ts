import { type Chain, perChainAsync } from "../chain.ts";
import type { CrossingAudit } from "../audit/crossing-audit.ts";
import type { Connection } from "../connection.ts";
import { reasonOf } from "../errors.ts";
import { readHolding } from "./read-holding.ts";
import { type ChainBooks, type Difference, type LedgerReport, ledgerReport } from "./books.ts";
import { add, type Holding, isSame, NOTHING } from "./holding.ts";
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
 * read, as of which the books are. Where they differ, it is found out since which block, and whether a stranger's payment
 * explains it; that one is booked.
 */
export async function reconcile(connection: Connection, chain: Chain): Promise<ChainBooks> {
  const { ledger, reorganisations } = connection;
  try {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const anew = reorganisations.next;
      const compared = await compare(connection, chain);
      if (anew.aborted) continue;
      const causes = Object.fromEntries(ledger.totals(chain));
      const opening = ledger.openings(chain);
      return { kind: "reconciled", chain, ...compared, opening, causes };
    }
    return { kind: "unknown", chain, reason: "the chain kept being reorganised" };
  } catch (error) {
    return { kind: "unknown", chain, reason: reasonOf(error) };
  }
}

async function compare(
  connection: Connection,
  chain: Chain,
): Promise<{ block: number; closing: Holding; differences: Difference[] }> {
  const { ledger, watchers } = connection;
  const block = watchers[chain].readTo;
  // Copied before anything is waited for: the watcher goes on booking.
  const booked = ledger.accounts(chain).map((account) => [account, ledger.holding(account, chain)] as const);
  const actual = await Promise.all(booked.map(([account]) => readHolding(connection, account, chain, block)));
  const differing = booked.filter(([, holding], at) => !isSame(holding, actual[at] ?? NOTHING));
  const located = await Promise.all(differing.map(([account]) => locate(connection, chain, account, block)));
  return { block, closing: actual.reduce(add, NOTHING), differences: located.flat() };
}
