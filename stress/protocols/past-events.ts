import { classifyRpcError, isTransient, type Log, type LogFilter, type Node } from "../engine/rpc/index.ts";
import type { BlockRange } from "./protocol.ts";

/** Blocks whose events are asked for in one request: what public nodes allow. */
const BLOCKS_AT_ONCE = 2000;

const ALL_BLOCKS = { fromBlock: 0, toBlock: "latest" } as const;

type Wanted = Pick<LogFilter, "address" | "topics">;

/** Events of these blocks, asked for in as many requests as public nodes want. */
export async function eventsIn(
  node: Pick<Node, "logs">,
  wanted: Wanted,
  { fromBlock, toBlock }: BlockRange,
): Promise<readonly Log[]> {
  const found: Log[] = [];
  for (let from = fromBlock; from <= toBlock; from += BLOCKS_AT_ONCE) {
    const range = { fromBlock: from, toBlock: Math.min(toBlock, from + BLOCKS_AT_ONCE - 1) };
    found.push(...(await node.logs({ ...wanted, ...range })));
  }
  return found;
}

/** Parts of a range that nodes take, the newest first. */
function* backwards({ fromBlock, toBlock }: BlockRange): Generator<BlockRange> {
  for (let last = toBlock; last >= fromBlock; last -= BLOCKS_AT_ONCE)
    yield { fromBlock: Math.max(fromBlock, last - BLOCKS_AT_ONCE + 1), toBlock: last };
}

/**
 * Events that happened at some time: those of the newest part of the range that has any.
 *
 * @param within undefined: all of the chain
 * @returns "unknown" where the node refuses to search so far back, as public ones do
 */
export async function latestEvents(
  node: Pick<Node, "logs">,
  wanted: Wanted,
  within: BlockRange | undefined,
): Promise<readonly Log[] | "unknown"> {
  try {
    for (const range of within === undefined ? [ALL_BLOCKS] : backwards(within)) {
      const logs = await node.logs({ ...wanted, ...range });
      if (logs.length > 0) return logs;
    }
    return [];
  } catch (error) {
    const failure = classifyRpcError(error);
    if ((isTransient(failure) && failure !== "busy") || failure === "own mistake") throw error;
    return "unknown";
  }
}
