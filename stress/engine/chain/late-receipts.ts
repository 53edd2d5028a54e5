import type { Node, Receipt, TxHash } from "../rpc/index.ts";
import type { Arrivals } from "./arrivals.ts";
import type { AwaitedTransactions } from "./awaited.ts";
import type { BlockFacts } from "./block-by-receipts.ts";

/**
 * Receipts of awaited transactions that were in blocks before anybody knew that they are awaited: they are read belatedly, and told
 * with the next block.
 */
export class LateReceipts {
  readonly #node: Pick<Node, "receipt">;
  readonly #arrivals: Pick<Arrivals, "blockOf" | "hashOf">;
  readonly #awaited: AwaitedTransactions | undefined;
  /** In no block so far. */
  readonly #missing = new Set<TxHash>();
  /** In a block that was read without them. */
  readonly #late = new Set<TxHash>();
  #found: readonly Receipt[] = [];

  constructor(
    node: Pick<Node, "receipt">,
    arrivals: Pick<Arrivals, "blockOf" | "hashOf">,
    awaited: AwaitedTransactions | undefined,
  ) {
    this.#node = node;
    this.#arrivals = arrivals;
    this.#awaited = awaited;
  }

  /** Looks for those that became known since. What an endpoint does not have yet is asked for the next time. */
  async look(): Promise<void> {
    if (this.#awaited === undefined) return;
    for (const hash of this.#awaited.takeNews())
      (this.#arrivals.blockOf(hash) === undefined ? this.#missing : this.#late).add(hash);
    const receipts = await Promise.all([...this.#late].map((hash) => this.#node.receipt(hash)));
    for (const receipt of receipts) {
      // One of another branch comes again, with its own block.
      if (receipt === undefined || this.#arrivals.hashOf(receipt.blockNumber) !== receipt.blockHash) continue;
      this.#late.delete(receipt.hash);
      this.#found = [...this.#found, receipt];
    }
  }

  /** What was found, to be told with this block. */
  take({ block, receipts }: BlockFacts): readonly Receipt[] {
    for (const { hash } of receipts) this.#wasTold(hash);
    if (this.#missing.size > 0) {
      const told = new Set(receipts.map(({ hash }) => hash));
      for (const hash of block.transactions) {
        // Where it is not told it became known while the block was being read.
        if (this.#missing.delete(hash) && !told.has(hash)) this.#late.add(hash);
      }
    }
    const found = this.#found;
    this.#found = [];
    return found;
  }

  /**
   * It became known after the last look, and before its block was read; or it was looked for in a block that a reorganisation took
   * back, and was read with another one: it must not be told once more.
   */
  #wasTold(hash: TxHash): void {
    this.#awaited?.wasRead(hash);
    this.#missing.delete(hash);
    this.#late.delete(hash);
    if (this.#found.length > 0) this.#found = this.#found.filter((receipt) => receipt.hash !== hash);
  }

  /** What was found in blocks that are gone comes again with those that are read in their place. */
  rollBack(commonBlock: number): void {
    this.#found = this.#found.filter(({ blockNumber }) => blockNumber <= commonBlock);
  }
}
