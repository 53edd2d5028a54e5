/** Where in a chain a message arrived. */
export interface Place {
  readonly block: number;
  readonly logIndex: number;
}

interface Passed extends Place {
  readonly nonce: bigint;
}

/** One queue: what left it long ago is counted, and the rest is kept. */
interface Queue {
  /** Messages that came after one that was behind them, among those that are counted. */
  outOfOrder: number;
  /** The highest nonce of those that are counted, and the last place of any. */
  highest: bigint | undefined;
  last: Place | undefined;
  readonly open: Passed[];
}

const newQueue = (): Queue => ({ outOfOrder: 0, highest: undefined, last: undefined, open: [] });

/**
 * The queues that messages come in. A message that arrives after one with a higher nonce came out of
 * order: the chains may do so, and a test may want to know.
 */
export class Queues {
  readonly #queues: Map<string, Queue>;

  constructor(queues: ReadonlyMap<string, Queue> = new Map()) {
    this.#queues = new Map([...queues].map(([name, queue]) => [name, { ...queue, open: [...queue.open] }]));
  }

  copy(): Queues {
    return new Queues(this.#queues);
  }

  /** A message left its queue. */
  passed(name: string, nonce: bigint, { block, logIndex }: Place): void {
    const queue = this.#queues.get(name) ?? newQueue();
    queue.open.push({ nonce, block, logIndex });
    this.#queues.set(name, queue);
  }

  /**
   * Counts all that have left so far, and forgets them: a run of days has millions. Of one that is told later, though it came before
   * these, nobody can say any more whether it was overtaken: it is not counted.
   */
  count(): void {
    for (const queue of this.#queues.values()) countOpen(queue);
  }

  /** Messages that came after one that was behind them. */
  outOfOrder(): number {
    const counted = this.copy();
    counted.count();
    return [...counted.#queues.values()].reduce((sum, { outOfOrder }) => sum + outOfOrder, 0);
  }
}

const isAfter = (a: Place, b: Place): boolean =>
  a.block > b.block || (a.block === b.block && a.logIndex > b.logIndex);

/** By their arrival; of those at one place none overtook another. */
function byPlace(a: Passed, b: Passed): number {
  if (isAfter(a, b)) return 1;
  if (isAfter(b, a) || a.nonce < b.nonce) return -1;
  return a.nonce > b.nonce ? 1 : 0;
}

/** In the order of their arrival each is out of order that has one with a higher nonce before it. */
function countOpen(queue: Queue): void {
  const boundary = queue.last;
  for (const place of queue.open.splice(0).sort(byPlace)) {
    const { nonce } = place;
    const canTell = boundary === undefined || isAfter(place, boundary);
    if (canTell && queue.highest !== undefined && queue.highest > nonce) queue.outOfOrder++;
    if (queue.highest === undefined || nonce > queue.highest) queue.highest = nonce;
    if (queue.last === undefined || isAfter(place, queue.last)) queue.last = place;
  }
}
