import type { Chain, PerChain } from "../../engine/base/index.ts";
import type { Node } from "../../engine/rpc/index.ts";
import type { Contracts } from "./contracts.ts";

/**
 * What the liquidity pools hold, and what this run's operations under way will take out of them, so that no pool is promised
 * twice. Wei.
 */
export class Pools {
  readonly #nodes: PerChain<Node>;
  readonly #contracts: Contracts;
  readonly #balances = { 1: 0n, 2: 0n };
  readonly #owed = { 1: 0n, 2: 0n };

  constructor(nodes: PerChain<Node>, contracts: Contracts) {
    this.#nodes = nodes;
    this.#contracts = contracts;
  }

  /** Reads what a pool holds in the state of a block. */
  async read(chain: Chain, block: number): Promise<void> {
    this.#balances[chain] = await this.#nodes[chain].balance(this.#contracts.pool[chain], block);
  }

  /** As of the chain's newest block. */
  balance(chain: Chain): bigint {
    return this.#balances[chain];
  }

  /** What can be paid out beyond what is owed. */
  free(chain: Chain): bigint {
    return this.#balances[chain] - this.#owed[chain];
  }

  /** Sets an amount aside; the returned function releases it. */
  owe(chain: Chain, amount: bigint): () => void {
    this.#owed[chain] += amount;
    return () => {
      this.#owed[chain] -= amount;
    };
  }
}
