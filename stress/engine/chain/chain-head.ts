import { toQuantity } from "ethers";
import type { Clock } from "../base/clock.ts";
import { quantity } from "../rpc/receipt.ts";
import type { Rpc } from "../rpc/rpc.ts";

/** The chain as of its newest block. Wei. */
export interface Head {
  readonly number: number;
  readonly baseFee: bigint | undefined;
  readonly gasPrice: bigint;
  readonly poolBalance: bigint;
}

/** The head is asked for this many times in a block's time, within these bounds in milliseconds. */
const POLLS_PER_BLOCK = 8;
const POLL_MS = { least: 25, most: 2000 };

/** What is known of a chain's head: its figures, and how fast it moves. */
export class ChainHead {
  readonly #rpc: Rpc;
  readonly #pool: string;
  readonly #clock: Clock;
  #head: Head | undefined;
  #blockMs = 1000;
  #seenAt = 0;
  #baseFees: { readonly least: bigint; readonly most: bigint } | undefined;

  /** @param pool the chain's liquidity pool, whose balance fast crossings depend on */
  constructor(rpc: Rpc, pool: string, clock: Clock) {
    this.#rpc = rpc;
    this.#pool = pool;
    this.#clock = clock;
  }

  get now(): Head {
    if (this.#head === undefined) throw new Error("the chain's watcher was not started");
    return this.#head;
  }

  /** The least and the greatest base fee of the blocks read, in wei; undefined on chains without EIP-1559. */
  get baseFees(): { readonly least: bigint; readonly most: bigint } | undefined {
    return this.#baseFees;
  }

  /** When to ask again, in milliseconds from now. */
  get pause(): number {
    return Math.min(POLL_MS.most, Math.max(POLL_MS.least, this.#blockMs / POLLS_PER_BLOCK));
  }

  /** Reads the figures of a block that was just seen for the first time. */
  async read(number: number, baseFee = this.#head?.baseFee): Promise<void> {
    this.#noteTime(number);
    const [gasPrice, poolBalance] = await Promise.all([
      this.#rpc.send("eth_gasPrice", []),
      this.#rpc.send("eth_getBalance", [this.#pool, toQuantity(number)]),
    ]);
    this.#head = { number, baseFee, gasPrice: quantity(gasPrice), poolBalance: quantity(poolBalance) };
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
