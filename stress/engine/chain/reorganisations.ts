import type { Source } from "../base/index.ts";
import type { ChainEvent } from "./events.ts";

/** Reorganisations of either chain, for who concludes something from blocks. */
export class Reorganisations {
  #seen = 0;
  #next = new AbortController();

  constructor(stream: Source<ChainEvent>) {
    stream.subscribe("reorganisations", {
      reorganisation: () => {
        this.#seen++;
        const now = this.#next;
        this.#next = new AbortController();
        now.abort();
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
}
