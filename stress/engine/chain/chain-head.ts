import type { Node } from "../rpc/index.ts";

/** The chain as of its newest block. Wei. */
export interface Head {
  readonly number: number;
  readonly baseFee: bigint | undefined;
  readonly gasPrice: bigint;
}

/** The least and the greatest base fee of some blocks. Wei. */
export interface BaseFees {
  readonly least: bigint;
  readonly most: bigint;
}

/** What a node asks beside the base fee is asked for again after so many blocks. */
const TIP_BLOCKS = 20;

/** What is known of a chain's head. */
export class ChainHead {
  readonly #node: Node;
  #head: Head | undefined;
  #baseFees: BaseFees | undefined;
  /** What the node asks beside the base fee, and at which block it said so. Wei. */
  #tip: { readonly wei: bigint; readonly block: number } | undefined;

  constructor(node: Node) {
    this.#node = node;
  }

  get now(): Head {
    if (this.#head === undefined) throw new Error("the chain's watcher was not started");
    return this.#head;
  }

  /** Of the blocks read; undefined on chains without EIP-1559. */
  get baseFees(): BaseFees | undefined {
    return this.#baseFees;
  }

  /** Reads the figures of a block that was just seen for the first time. */
  async read(number: number, baseFee = this.#head?.baseFee): Promise<void> {
    this.#head = { number, baseFee, gasPrice: await this.#gasPriceAt(number, baseFee) };
  }

  /** Headers tell the base fee, and what a node asks beside it changes rarely. */
  async #gasPriceAt(number: number, baseFee: bigint | undefined): Promise<bigint> {
    if (baseFee !== undefined && this.#tip !== undefined && number - this.#tip.block < TIP_BLOCKS)
      return baseFee + this.#tip.wei;
    const gasPrice = await this.#node.gasPrice();
    const wei = gasPrice - (baseFee ?? gasPrice);
    this.#tip = baseFee === undefined ? undefined : { wei: wei > 0n ? wei : 0n, block: number };
    return gasPrice;
  }

  /** A block's base fee; it holds for the head until a newer one is known. */
  noteBaseFee(baseFee: bigint | undefined): void {
    const tip = this.#tip?.wei;
    const isTold = baseFee !== undefined && tip !== undefined;
    this.#head = { ...this.now, baseFee, gasPrice: isTold ? baseFee + tip : this.now.gasPrice };
    if (baseFee === undefined) return;
    const { least, most } = this.#baseFees ?? { least: baseFee, most: baseFee };
    this.#baseFees = { least: baseFee < least ? baseFee : least, most: baseFee > most ? baseFee : most };
  }
}
