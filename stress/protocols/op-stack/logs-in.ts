import type { LogFilter, Log, Node } from "../../engine/rpc/index.ts";

/** Blocks whose events are asked for in one request: what public nodes allow. */
const BLOCKS_AT_ONCE = 2000;

/** Events of these blocks, asked for in as many requests as public nodes want. */
export async function logsIn(
  node: Pick<Node, "logs">,
  filter: Pick<LogFilter, "address" | "topics">,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<readonly Log[]> {
  const found: Log[] = [];
  for (let first = from; first <= to; first += BLOCKS_AT_ONCE) {
    const toBlock = Math.min(to, first + BLOCKS_AT_ONCE - 1);
    found.push(...(await node.logs({ ...filter, fromBlock: first, toBlock })));
  }
  return found;
}
