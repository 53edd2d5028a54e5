import { atOnce, type Chain, reasonOf } from "../base/index.ts";
import { classifyRpcError } from "../rpc/index.ts";
import { readHolding } from "./assets.ts";
import type { ChainBooks } from "./books.ts";
import { add, type Holding, isSame, NOTHING } from "./holding.ts";
import { type BooksSources, locate } from "./locate.ts";

/** Accounts that are read at once. */
const READ_AT_ONCE = 500;

/**
 * Compares the books with the state of a block as of which they are. Where they differ, it is found out since which block,
 * and whether a stranger's payment explains it; that one is booked.
 */
export async function reconcileAt(sources: BooksSources, chain: Chain, block: number): Promise<ChainBooks> {
  const { ledger, assets } = sources;
  // Copied before anything is waited for: a watcher may go on booking.
  const booked = ledger.accounts(chain).map((account) => [account, ledger.holding(account, chain)] as const);
  try {
    const actual = new Map<string, Holding>();
    await atOnce(READ_AT_ONCE, booked, async ([account]) => {
      actual.set(account, await readHolding(assets, account, chain, block));
    });
    const differing = booked.filter(([account, holding]) => !isSame(holding, actual.get(account) ?? NOTHING));
    const located = await Promise.all(differing.map(([account]) => locate(sources, chain, account, block)));
    return {
      kind: "reconciled",
      chain,
      block,
      opening: ledger.openings(chain),
      closing: [...actual.values()].reduce(add, NOTHING),
      causes: Object.fromEntries(ledger.totals(chain)),
      differences: located.flat(),
    };
  } catch (error) {
    if (classifyRpcError(error) === "own mistake") throw error;
    return { kind: "unknown", chain, reason: reasonOf(error) };
  }
}
