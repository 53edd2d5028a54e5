import type { Block, Node } from "../rpc/index.ts";
import type { Arrivals } from "./arrivals.ts";

/** Where a chain and what was read of it part. */
export interface ForkPoint {
  /** The last block that both branches share. */
  readonly commonBlock: number;
  /** Blocks that were read and are gone; 0 where a node on another branch answered in between, and nothing differs. */
  readonly depth: number;
}

/**
 * Looks whether a block follows the one that was read before it, and where the chain forked if it does not.
 *
 * @returns undefined where it follows; "unclear" where a node behind the endpoint does not have an earlier block yet
 */
export async function forkPoint(
  { number, parentHash }: Block,
  read: Pick<Arrivals, "hashOf">,
  node: Pick<Node, "block">,
): Promise<ForkPoint | "unclear" | undefined> {
  const expected = read.hashOf(number - 1);
  if (expected === undefined || expected === parentHash) return undefined;
  let common = number - 1;
  for (let hash: string | undefined = expected; hash !== undefined; hash = read.hashOf(common)) {
    const now = await node.block(common);
    if (now === undefined) return "unclear";
    if (now.hash === hash) break;
    common--;
  }
  return { commonBlock: common, depth: number - 1 - common };
}
