import type { Performed } from "../events.ts";
import type { Engine } from "./engine.ts";

/** What a crossing was due to bring: the block it was paid in is read again, and judged by the bridge's own terms. */
export async function dueOf(
  { nodes, bridge }: Pick<Engine, "nodes" | "bridge">,
  { steps }: Performed,
): Promise<bigint | undefined> {
  for (const { crossing, end } of steps) {
    if (crossing === undefined || end === undefined || !("payout" in end)) continue;
    const { chain, payout } = end;
    const reader = bridge.reader(chain);
    const block = await nodes[chain].block(payout.block);
    if (block === undefined) throw new Error(`block ${payout.block} of L${chain} is not there any more`);
    const { addresses: address, topics } = reader.interest;
    const logs = await nodes[chain].logs({ address, topics: [topics], blockHash: block.hash });
    const facts = { block, logs, receipts: [] };
    const arrivals = reader.arrivals(facts, () => undefined);
    const terms = await bridge.terms({ kind: "block", chain, ...facts, arrivals });
    return terms?.(payout, crossing.amount).amount ?? crossing.amount - payout.fee;
  }
  return undefined;
}
