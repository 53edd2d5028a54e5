import type { Chain } from "../base/index.ts";
import { amountOf, BALANCE, CAUSES, type ChainBooks, type Difference, type Ledger } from "../ledger/index.ts";
import { classifyRpcError } from "../rpc/index.ts";
import type { Bridge } from "../../protocols/protocol.ts";

/**
 * Says of differences what may be behind them: accounts that have less than is booked, by transactions whose receipts do not tell
 * what the chain charges beside gas × price.
 */
export async function withUntold(
  { bridge, ledger }: { readonly bridge: Pick<Bridge, "charges">; readonly ledger: Ledger },
  books: ChainBooks,
): Promise<ChainBooks> {
  if (books.kind === "unknown" || books.differences.length === 0) return books;
  const charges = await chargesOf(bridge, books.chain);
  const differences = books.differences.map((difference) => {
    const untold = untoldIn(difference, charges, ledger);
    return untold.length === 0 ? difference : { ...difference, untold };
  });
  return { ...books, differences };
}

async function chargesOf(bridge: Pick<Bridge, "charges">, chain: Chain): Promise<readonly string[]> {
  try {
    return await bridge.charges(chain);
  } catch (error) {
    if (classifyRpcError(error) === "own mistake") throw error;
    // It only says more of what is told all the same.
    return [];
  }
}

/** What is charged and in none of the receipts that the account's transactions have there. */
function untoldIn(
  { account, chain, amounts, transactions, foreign }: Difference,
  charges: readonly string[],
  ledger: Ledger,
): readonly string[] {
  if (amountOf(amounts, BALANCE) >= 0n || foreign.length > 0) return [];
  const entries = ledger.entries(account, chain).filter(({ hash }) => transactions.includes(hash));
  // Those that it paid for itself: payouts cost it nothing.
  const isOwn = entries.some(({ cause }) => cause === CAUSES.gasFee);
  return isOwn ? charges.filter((charge) => !entries.some(({ cause }) => cause === charge)) : [];
}
