import type { Chain, Source } from "../base/index.ts";
import { BURIED, type ChainEvent, type Payout } from "../chain/index.ts";
import { CAUSES, type Ledger } from "../ledger/index.ts";
import type { TransactionEvent } from "./events.ts";
import { movesOf } from "./plan.ts";

/** Writes the books: from what the chains tell, and from nothing else. The returned function ends that. */
export const keepBooks = (ledger: Ledger, stream: Source<ChainEvent | TransactionEvent>): (() => void) =>
  stream.subscribe("books", {
    mined: ({ transaction: { account, chain, version }, receipt }) =>
      ledger.book(account.address, chain, receipt, movesOf(version.plan)),
    // Everything that arrives at the run's own accounts, whoever sent it.
    block: ({ chain, block: { number }, arrivals }) => {
      for (const { payouts } of arrivals) bookPayouts(ledger, chain, payouts);
      ledger.addUp(chain, number - BURIED);
    },
    recalled: ({ chain, payouts }) => bookPayouts(ledger, chain, payouts),
    reorganisation: ({ chain, commonBlock }) => ledger.rollBack(chain, commonBlock),
  });

function bookPayouts(ledger: Ledger, chain: Chain, payouts: readonly Payout[]): void {
  for (const { to, asset, amount, hash, block } of payouts) {
    // What the books already begin with.
    const takenUpAt = ledger.page(to, chain)?.takenUpAt ?? Number.POSITIVE_INFINITY;
    if (block > takenUpAt) ledger.add(to, chain, { asset, amount, block, hash, cause: CAUSES.payout });
  }
}
