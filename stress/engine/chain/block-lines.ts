import type { Arrivals } from "./arrivals.ts";
import type { BlockFacts } from "./block-by-receipts.ts";
import type { Arrival } from "./messages.ts";

/** A block as the watcher's log tells it: itself, the run's own transactions in it, and what arrived. @param now Unix milliseconds */
export function* blockLines(
  { block, receipts }: BlockFacts,
  arrivals: readonly Arrival[],
  waiting: Pick<Arrivals, "isOwn" | "isAwaited">,
  now: number,
): Generator<string> {
  const { number, hash, transactions } = block;
  yield `block ${number} ${hash} with ${transactions.length} transactions at ${now / 1000}`;
  for (const one of receipts) {
    if (!waiting.isOwn(one.hash)) continue;
    yield `  own transaction ${one.hash} ${one.succeeded ? "succeeded" : "FAILED"}, gas ${one.gasUsed}`;
  }
  for (const { id, hash: relay } of arrivals)
    yield `  message ${id} relayed by ${relay}${waiting.isAwaited(id) ? ", waited for" : ""}`;
}
