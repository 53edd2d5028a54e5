import type { Chain } from "../../engine/base/chain.ts";

/** What this run's operations under way will take out of each chain's pool, so that no pool is promised twice. Wei. */
export class Commitments {
  readonly #owed = { 1: 0n, 2: 0n };

  owed(chain: Chain): bigint {
    return this.#owed[chain];
  }

  /** Sets an amount aside; the returned function releases it. */
  owe(chain: Chain, amount: bigint): () => void {
    this.#owed[chain] += amount;
    return () => {
      this.#owed[chain] -= amount;
    };
  }
}
