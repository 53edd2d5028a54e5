import { classifyRpcError, type Node } from "../rpc/index.ts";

/** Another first block is believed when so many answers in a row tell of it: a single one ends no run. */
const BELIEVED_ANSWERS = 3;

/**
 * Whether the chain at an endpoint is still the one that it was. A local chain that is started anew on the same ports has the
 * same id, and none of what was on the old one: that is no reorganisation, and no node that lags behind.
 */
export class SameChain {
  #genesis: string | undefined;
  /** Answers in a row that told of another first block. */
  #differing = 0;

  /** Whether it was found to be another one. */
  get isAnother(): boolean {
    return this.#differing >= BELIEVED_ANSWERS;
  }

  /** Remembers the chain that is there now. */
  async remember(node: Node): Promise<void> {
    this.#genesis = await genesisOf(node);
  }

  /** Asks whether it may be another one; nobody can tell where a node has no first block. */
  async check(node: Node): Promise<boolean> {
    if (this.isAnother) return true;
    const now = this.#genesis === undefined ? undefined : await genesisOf(node);
    this.#differing = now === undefined || now === this.#genesis ? 0 : this.#differing + 1;
    return this.#differing > 0;
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
