interface Place {
  readonly nonce: bigint;
  readonly at: number;
  readonly block: number;
}

/**
 * The queues that messages of one messenger come in. A message that arrives after one with a higher nonce came out of
 * order: the chains may do so, and a test may want to know.
 */
export class Queues {
  readonly #places: Map<string, Place[]>;

  constructor(places: ReadonlyMap<string, readonly Place[]> = new Map()) {
    this.#places = new Map([...places].map(([queue, passed]) => [queue, [...passed]]));
  }

  copy(): Queues {
    return new Queues(this.#places);
  }

  /** A message left its queue. */
  passed(queue: string, nonce: bigint, { at, block }: { readonly at: number; readonly block: number }): void {
    const places = this.#places.get(queue) ?? [];
    places.push({ nonce, at, block });
    this.#places.set(queue, places);
  }

  /** Messages that came in a later block than one behind them. */
  outOfOrder(): number {
    return [...this.#places.values()].reduce((sum, places) => sum + overtaken(places), 0);
  }
}

/** How many came in a later block than one with a higher nonce. */
function overtaken(places: readonly Place[]): number {
  const byNonce = [...places].sort((a, b) => (a.nonce < b.nonce ? 1 : -1));
  let earliest = Number.POSITIVE_INFINITY;
  let count = 0;
  // From the back of the queue to its front: each should have come no later than all behind it.
  for (const { block } of byNonce) {
    if (block > earliest) count++;
    earliest = Math.min(earliest, block);
  }
  return count;
}
