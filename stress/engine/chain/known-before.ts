import type { Block, Node } from "../rpc/index.ts";
import type { Arrivals } from "./arrivals.ts";

/** Blocks before the first one that are known by their hash: a reorganisation that begins before it may bring what is sent after it there. */
const KNOWN_BEFORE = 16;

/** As far back as one block follows the other: nodes behind an endpoint may be on two branches, or lack what is old. */
export async function rememberBefore(
  head: Block,
  arrivals: Pick<Arrivals, "begin">,
  node: Pick<Node, "block">,
): Promise<void> {
  arrivals.begin(head.number, head.hash);
  const count = Math.min(KNOWN_BEFORE, head.number);
  const before = await Promise.all(
    Array.from({ length: count }, (_, at) => node.block(head.number - 1 - at)),
  );
  let next = head;
  for (const block of before) {
    if (block === undefined || block.hash !== next.parentHash) return;
    arrivals.begin(block.number, block.hash);
    next = block;
  }
}
