import { type Chain, type PerChain, perChain, type Source } from "../base/index.ts";
import type { ChainEvent } from "./events.ts";

/** Reorganisations of either chain, for who concludes something from blocks. */
export class Reorganisations {
  #seen = 0;
  #next = new AbortController();
  readonly #nextOn: PerChain<{ now: AbortController }> = perChain(() => ({ now: new AbortController() }));

  constructor(stream: Source<ChainEvent>) {
    stream.subscribe("reorganisations", {
      reorganisation: ({ chain }) => {
        this.#seen++;
        const [either, own] = [this.#next, this.#nextOn[chain].now];
        this.#next = new AbortController();
        this.#nextOn[chain].now = new AbortController();
        either.abort();
        own.abort();
      },
    });
  }

  /** How many there were so far. */
  get count(): number {
    return this.#seen;
  }

  /** Aborted by the next reorganisation of either chain: what was concluded from blocks must be concluded again. */
  get next(): AbortSignal {
    return this.#next.signal;
  }

  /** Aborted by the next reorganisation of this chain: for what is concluded from its blocks alone. */
  nextOn(chain: Chain): AbortSignal {
    return this.#nextOn[chain].now.signal;
  }
}
