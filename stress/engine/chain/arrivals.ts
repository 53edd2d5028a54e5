import type { Clock } from "../base/index.ts";
import type { TxHash } from "../rpc/index.ts";
import type { BlockRead } from "./events.ts";
import type { Arrival, MessageId, Payout } from "./messages.ts";

/** Blocks remembered so that a reorganisation is noticed and undone: a block this deep is buried for good. */
export const BURIED = 128;

/** A block that was read, as far as it must be remembered in case it is taken back. */
interface ReadBlock {
  readonly hash: string;
  readonly transactions: readonly TxHash[];
  /** The same, once somebody has asked for one of them. */
  index?: ReadonlySet<TxHash>;
  readonly own: readonly TxHash[];
  /** Messages that arrived in it, those that were noticed later included. */
  readonly arrived: MessageId[];
}

/** A message whose arrival is read again. */
interface Recall {
  /** The transaction that it arrived with. */
  readonly hash: TxHash;
  readonly message: MessageId;
  /** What was told of it with this transaction. */
  readonly known: Arrival | undefined;
}

/** What is there of an arrival that was read again. */
interface Missed {
  readonly arrival: Arrival;
  /** Those of its payouts that were not told before. */
  readonly payouts: readonly Payout[];
  /** Whether there is anything that was not. */
  readonly isNew: boolean;
}

/**
 * What a run waits for on one chain, and what has arrived there: own transactions and messages, block by block, so that a
 * reorganisation can take them back. It keeps no more than the blocks that are not buried.
 */
export class Arrivals {
  readonly #clock: Clock;
  readonly #rememberFor: number;
  /** Each with itself: what is read again and again has the same string, and not copies of it. */
  readonly #pending = new Map<TxHash, TxHash>();
  /** Own transactions that are mined and not yet buried. */
  readonly #mined = new Set<TxHash>();
  readonly #waiting = new Map<MessageId, (arrival: Arrival) => void>();
  /** The deposit's receipt may be read later than its payout, and after a reorganisation once more. */
  readonly #arrived = new Map<MessageId, { arrival: Arrival; until: number }>();
  readonly #blocks = new Map<number, ReadBlock>();
  /** Blocks of what was recalled, by its place. */
  readonly #recalled = new Map<string, number>();

  /** @param rememberFor how long a message is remembered, in milliseconds */
  constructor(clock: Clock, rememberFor: number) {
    this.#clock = clock;
    this.#rememberFor = rememberFor;
  }

  get pendingReceipts(): number {
    return this.#pending.size;
  }

  get pendingMessages(): number {
    return this.#waiting.size;
  }

  /** Whether a transaction is one of the run's own that may still be mined, or be mined again. */
  isOwn(hash: TxHash): boolean {
    return this.#pending.has(hash) || this.#mined.has(hash);
  }

  expect(hash: TxHash): void {
    this.#pending.set(hash, hash);
  }

  message(id: MessageId): Promise<Arrival> {
    const arrived = this.#arrived.get(id);
    if (arrived !== undefined) return Promise.resolve(arrived.arrival);
    return new Promise((resolve) => this.#waiting.set(id, resolve));
  }

  isAwaited(id: MessageId): boolean {
    return this.#waiting.has(id);
  }

  forgetTransaction(hash: TxHash): void {
    this.#pending.delete(hash);
  }

  forgetMessage(id: MessageId): void {
    this.#waiting.delete(id);
  }

  hashOf(block: number): string | undefined {
    return this.#blocks.get(block)?.hash;
  }

  /** The block among those remembered that a transaction is in, whoever sent it; undefined where it is in none of them. */
  blockOf(hash: TxHash): number | undefined {
    for (const [number, block] of this.#blocks) {
      block.index ??= new Set(block.transactions);
      if (block.index.has(hash)) return number;
    }
    return undefined;
  }

  /** The block that the watcher begins after. */
  begin(number: number, hash: string): void {
    this.#blocks.set(number, { hash, transactions: [], own: [], arrived: [] });
  }

  /** Hands a block's receipts and messages to those who wait for them. */
  take({ block, receipts, arrivals }: Pick<BlockRead, "block" | "receipts" | "arrivals">): void {
    const own = receipts
      .map(({ hash }) => this.#pending.get(hash) ?? hash)
      .filter((hash) => this.isOwn(hash));
    const shared = new Map(own.map((hash) => [hash, hash]));
    const transactions = block.transactions.map((hash) => shared.get(hash) ?? hash);
    this.#blocks.set(block.number, { hash: block.hash, transactions, own, arrived: [] });
    // By the block that each is in: one that was noticed late is in an earlier one.
    for (const arrival of arrivals) this.#blocks.get(arrival.block)?.arrived.push(arrival.id);
    this.#bury(block.number - BURIED);
    for (const hash of own) {
      this.#pending.delete(hash);
      this.#mined.add(hash);
    }
    for (const arrival of arrivals) if (arrival.isTriedAgain !== true) this.#remember(arrival);
  }

  /**
   * What was not told of a message's arrival, by its block read again; each part of it is missed once, whoever asks for it.
   *
   * @returns undefined where it did not arrive there, or the block is on another branch than what was read
   */
  missedIn(
    { block, arrivals }: Pick<BlockRead, "block" | "arrivals">,
    { hash, message, known }: Recall,
  ): Missed | undefined {
    const read = this.#blocks.get(block.number)?.hash;
    const arrival = arrivals.find((one) => one.id === message && one.hash === hash);
    if (arrival === undefined || (read !== undefined && read !== block.hash)) return undefined;
    const before = known ?? this.#arrived.get(message)?.arrival;
    const told = before?.hash === hash ? before : undefined;
    const isTold = ({ logIndex }: Payout): boolean =>
      this.#recalled.has(`${hash} ${logIndex}`) ||
      told?.payouts.some((payout) => payout.logIndex === logIndex) === true;
    const payouts = arrival.payouts.filter((payout) => !isTold(payout));
    const isKnown = told !== undefined || this.#recalled.has(`${hash} ${arrival.logIndex}`);
    const isAnswered = arrival.answer !== undefined && told?.answer === undefined;
    return { arrival, payouts, isNew: !isKnown || payouts.length > 0 || isAnswered };
  }

  /** A message that had arrived in a block read before: who waits for it is told. */
  recall(arrival: Arrival): void {
    for (const { logIndex } of [arrival, ...arrival.payouts])
      this.#recalled.set(`${arrival.hash} ${logIndex}`, arrival.block);
    const block = this.#blocks.get(arrival.block);
    if (block !== undefined && !block.arrived.includes(arrival.id)) block.arrived.push(arrival.id);
    if (arrival.isTriedAgain !== true) this.#remember(arrival);
  }

  #remember(arrival: Arrival): void {
    const waiting = this.#waiting.get(arrival.id);
    // Deleted first, so that it moves to the end: the map is in the order of arrival.
    this.#arrived.delete(arrival.id);
    this.#arrived.set(arrival.id, { arrival, until: this.#clock.now() + this.#rememberFor });
    this.#waiting.delete(arrival.id);
    waiting?.(arrival);
  }

  #bury(number: number): void {
    for (const hash of this.#blocks.get(number)?.own ?? []) this.#mined.delete(hash);
    this.#blocks.delete(number);
    const now = this.#clock.now();
    for (const [id, { until }] of this.#arrived) {
      if (until > now) break;
      this.#arrived.delete(id);
    }
  }

  /** Takes back the blocks after the last common one: what they held may come again. */
  rollBack(commonBlock: number, depth: number): void {
    for (const [place, block] of this.#recalled) if (block > commonBlock) this.#recalled.delete(place);
    for (let number = commonBlock + 1; number <= commonBlock + depth; number++) {
      const { own = [], arrived = [] } = this.#blocks.get(number) ?? {};
      for (const hash of own) {
        this.#mined.delete(hash);
        this.#pending.set(hash, hash);
      }
      for (const id of arrived) this.#arrived.delete(id);
      this.#blocks.delete(number);
    }
  }
}
