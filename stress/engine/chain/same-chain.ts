import { classifyRpcError, type Node } from "../rpc/index.ts";

/**
 * Whether the chain at an endpoint is still the one that it was. A local chain that is started anew on the same ports has the
 * same id, and none of what was on the old one: that is no reorganisation, and no node that lags behind.
 */
export class SameChain {
  #genesis: string | undefined;
  #isAnother = false;

  /** Whether it was found to be another one. */
  get isAnother(): boolean {
    return this.#isAnother;
  }

  /** Remembers the chain that is there now. */
  async remember(node: Node): Promise<void> {
    this.#genesis = await genesisOf(node);
  }

  /** Asks whether it is another one; nobody can tell where a node has no first block. */
  async check(node: Node): Promise<boolean> {
    if (this.#isAnother || this.#genesis === undefined) return this.#isAnother;
    const now = await genesisOf(node);
    this.#isAnother = now !== undefined && now !== this.#genesis;
    return this.#isAnother;
  }
}

async function genesisOf(node: Node): Promise<string | undefined> {
  try {
    return (await node.block(0))?.hash;
  } catch (error) {
    // A node may have pruned it.
    if (classifyRpcError(error) === "own mistake") throw error;
    return undefined;
  }
}
