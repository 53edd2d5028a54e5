import { CHAINS, type PerChain } from "../base/chain.ts";
import type { Reorganisation, Watcher } from "./watcher.ts";

/** The reorganisations that were seen on both chains. */
export class Reorganisations {
  readonly seen: Reorganisation[] = [];
  #next = new AbortController();

  constructor(watchers: PerChain<Watcher>) {
    for (const chain of CHAINS) {
      watchers[chain].onReorganisation((reorganisation) => {
        this.seen.push(reorganisation);
        const now = this.#next;
        this.#next = new AbortController();
        now.abort();
      });
    }
  }

  /** Aborted by the next reorganisation of either chain: what was concluded from blocks must be concluded again. */
  get next(): AbortSignal {
    return this.#next.signal;
  }
}
