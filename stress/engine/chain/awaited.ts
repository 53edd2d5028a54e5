import type { TxHash } from "../rpc/index.ts";

/** Hashes kept: of the oldest nobody waits any more by then. */
const KEPT = 100_000;

/**
 * Transactions that messages arrive as, by their hashes: no event tells of them, but whoever saw what sent them knows them
 * beforehand. The chain that they come to may have had them before the one that they come from told of them.
 */
export class AwaitedTransactions {
  readonly #hashes = new Set<TxHash>();
  #news = new Set<TxHash>();

  has(hash: TxHash): boolean {
    return this.#hashes.has(hash);
  }

  /** Takes one up. */
  add(hash: TxHash): void {
    if (this.#hashes.has(hash)) return;
    this.#hashes.add(hash);
    this.#news.add(hash);
    const [oldest] = this.#hashes;
    if (this.#hashes.size > KEPT && oldest !== undefined) this.#hashes.delete(oldest);
  }

  /** Those that were taken up since this was asked last. */
  takeNews(): readonly TxHash[] {
    const news = [...this.#news];
    this.#news.clear();
    return news;
  }

  /** Its block was read after it was taken up: it is no news any more. */
  wasRead(hash: TxHash): void {
    this.#news.delete(hash);
  }
}
