/** Where in a chain a message arrived. */
export interface Place {
  readonly block: number;
  readonly logIndex: number;
}

interface Passed extends Place {
  readonly nonce: bigint;
}

/**
 * The queues that messages come in. A message that arrives after one with a higher nonce came out of
 * order: the chains may do so, and a test may want to know.
 */
export class Queues {
  readonly #places: Map<string, Passed[]>;

  constructor(places: ReadonlyMap<string, readonly Passed[]> = new Map()) {
    this.#places = new Map([...places].map(([queue, passed]) => [queue, [...passed]]));
  }

  copy(): Queues {
    return new Queues(this.#places);
  }

  /** A message left its queue. */
  passed(queue: string, nonce: bigint, { block, logIndex }: Place): void {
    const places = this.#places.get(queue) ?? [];
    places.push({ nonce, block, logIndex });
    this.#places.set(queue, places);
  }

  /** Messages that came after one that was behind them. */
  outOfOrder(): number {
    return [...this.#places.values()].reduce((sum, places) => sum + overtaken(places), 0);
  }
}

const isAfter = (a: Place, b: Place): boolean =>
  a.block > b.block || (a.block === b.block && a.logIndex > b.logIndex);

/** How many came after one with a higher nonce. */
function overtaken(places: readonly Passed[]): number {
  const fromTheBack = [...places].sort((a, b) => (a.nonce < b.nonce ? 1 : -1));
  let earliest: Place | undefined;
  let count = 0;
  for (const place of fromTheBack) {
    if (earliest !== undefined && isAfter(place, earliest)) count++;
    if (earliest === undefined || isAfter(earliest, place)) earliest = place;
  }
  return count;
}
