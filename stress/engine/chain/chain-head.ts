import type { Clock } from "../base/index.ts";
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

/** The head is asked for this many times in a block's time, within these bounds in milliseconds. */
const POLLS_PER_BLOCK = 8;
const POLL_MS = { least: 25, most: 2000 };

/** What is known of a chain's head: its figures, and how fast it moves. */
export class ChainHead {
  readonly #node: Node;
  readonly #atHead: (block: number) => Promise<void>;
  readonly #clock: Clock;
  #head: Head | undefined;
  #blockMs = 1000;
  #seenAt = 0;
  #baseFees: BaseFees | undefined;

  /** @param atHead reads what else depends on the newest block */
  constructor(node: Node, atHead: (block: number) => Promise<void>, clock: Clock) {
    this.#node = node;
    this.#atHead = atHead;
    this.#clock = clock;
  }

  get now(): Head {
    if (this.#head === undefined) throw new Error("the chain's watcher was not started");
    return this.#head;
  }

  /** Of the blocks read; undefined on chains without EIP-1559. */
  get baseFees(): BaseFees | undefined {
    return this.#baseFees;
  }

  /** When to ask again, in milliseconds from now. */
  get pause(): number {
    return Math.min(POLL_MS.most, Math.max(POLL_MS.least, this.#blockMs / POLLS_PER_BLOCK));
  }

  /** Reads the figures of a block that was just seen for the first time. */
  async read(number: number, baseFee = this.#head?.baseFee): Promise<void> {
    this.#noteTime(number);
    const [gasPrice] = await Promise.all([this.#node.gasPrice(), this.#atHead(number)]);
    this.#head = { number, baseFee, gasPrice };
  }

  #noteTime(number: number): void {
    const now = this.#clock.now();
    const blocks = this.#head === undefined ? 0 : number - this.#head.number;
    if (blocks > 0) this.#blockMs = 0.8 * this.#blockMs + 0.2 * ((now - this.#seenAt) / blocks);
    if (blocks > 0 || this.#head === undefined) this.#seenAt = now;
  }

  /** A block's base fee; it holds for the head until a newer one is known. */
  noteBaseFee(baseFee: bigint | undefined): void {
    this.#head = { ...this.now, baseFee };
    if (baseFee === undefined) return;
    const { least, most } = this.#baseFees ?? { least: baseFee, most: baseFee };
    this.#baseFees = { least: baseFee < least ? baseFee : least, most: baseFee > most ? baseFee : most };
  }
}
