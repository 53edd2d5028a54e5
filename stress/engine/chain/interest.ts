import type { Block, Log } from "../rpc/index.ts";
import { BloomQuery } from "./bloom.ts";

/** What a watcher wants of each block: events of some contracts, and receipts of its own transactions. */
export interface Interest {
  /** Lower-case addresses. */
  readonly addresses: readonly string[];
  readonly topics: readonly string[];
}

/** Which events a watcher wants. */
export class InterestingEvents {
  readonly #addresses: ReadonlySet<string>;
  readonly #topics: ReadonlySet<string>;
  readonly #query: BloomQuery;

  constructor({ addresses, topics }: Interest) {
    this.#addresses = new Set(addresses);
    this.#topics = new Set(topics);
    this.#query = new BloomQuery(addresses, topics);
  }

  /** @param address in lower case. @param topic its first one; empty where it has none */
  has(address: string, topic: string): boolean {
    return this.#addresses.has(address) && this.#topics.has(topic);
  }

  /** Those of them among these. */
  among(logs: readonly Log[]): Log[] {
    return logs.filter(({ address, topics: [topic = ""] }) => this.has(address, topic));
  }

  /** Whether a node that answered no events of a block is contradicted by the block's own header. */
  areMissing({ logsBloom }: Block, logs: readonly Log[]): boolean {
    return logs.length === 0 && this.#query.promises(logsBloom);
  }
}
