import { CHAINS, type Chain, every, type PerChain, seconds } from "../engine/base/index.ts";
import type { Watcher } from "../engine/chain/index.ts";
import type { Node } from "../engine/rpc/index.ts";
import type { Engine } from "../engine/run/index.ts";

const LOOK_EVERY_MS = 5000;

/** How long an endpoint may be silent, and a chain without a block while something waits for one, before it is told. Milliseconds. */
const TELL_AFTER_MS = 30_000;
const TELL_AGAIN_MS = 60_000;

/** What is asked for what a run waits for. */
export interface WaitingParts extends Pick<Engine, "clock"> {
  readonly watchers: PerChain<
    Pick<Watcher, "readTo" | "waitingForMessages"> & {
      readonly health: Pick<Watcher["health"], "failingSince">;
    }
  >;
  readonly nodes: PerChain<Pick<Node, "names">>;
  readonly transactions: Pick<Engine["transactions"], "count">;
}

/**
 * Tells whoever watches why nothing happens: an endpoint that does not answer, or a chain that makes no block while something
 * waits for one, from its first check to its last refund. The returned function ends it.
 */
export function tellWaiting(parts: WaitingParts, say: (line: string) => void): () => void {
  const lines = CHAINS.map((chain) => new WaitingLines(parts, chain, say));
  const look = (): void => {
    for (const one of lines) one.look();
  };
  return every(parts.clock, LOOK_EVERY_MS, look, () => undefined);
}

/** The same of one chain. */
class WaitingLines {
  readonly #parts: WaitingParts;
  readonly #chain: Chain;
  readonly #say: (line: string) => void;
  #readTo: number;
  /** When the last block was read, or something began to wait for the next one. Unix milliseconds. */
  #readAt: number;
  /** When it was last told that nothing happens; undefined while something does. Unix milliseconds. */
  #toldAt: number | undefined;

  constructor(parts: WaitingParts, chain: Chain, say: (line: string) => void) {
    this.#parts = parts;
    this.#chain = chain;
    this.#say = say;
    this.#readTo = parts.watchers[chain].readTo;
    this.#readAt = parts.clock.now();
  }

  look(): void {
    const { clock, watchers } = this.#parts;
    const { readTo } = watchers[this.#chain];
    const now = clock.now();
    if (readTo !== this.#readTo) {
      this.#readTo = readTo;
      this.#readAt = now;
    }
    const what = this.#silence(now) ?? this.#standstill(now);
    if (what === undefined) {
      if (this.#toldAt !== undefined) this.#say(`L${this.#chain} goes on: block ${readTo}`);
      this.#toldAt = undefined;
      return;
    }
    if (now - (this.#toldAt ?? Number.NEGATIVE_INFINITY) < TELL_AGAIN_MS) return;
    this.#toldAt = now;
    this.#say(`WARNING ${what}`);
  }

  #silence(now: number): string | undefined {
    const { watchers, nodes } = this.#parts;
    const { failingSince } = watchers[this.#chain].health;
    if (failingSince === undefined || now - failingSince < TELL_AFTER_MS) return undefined;
    const names = nodes[this.#chain].names.join(" and ");
    return `L${this.#chain}: ${names} has not answered for ${seconds(now - failingSince)}; it is asked again and again`;
  }

  #standstill(now: number): string | undefined {
    const waiting = this.#parts.transactions.count(this.#chain);
    const messages = this.#parts.watchers[this.#chain].waitingForMessages;
    // A chain may make blocks only where there is something to put into them.
    if (waiting + messages === 0) this.#readAt = now;
    const still = now - this.#readAt;
    if (still < TELL_AFTER_MS) return undefined;
    return (
      `L${this.#chain} stands still: no block after ${this.#readTo} for ${seconds(still)}, and ${waiting} transactions ` +
      `and ${messages} payouts wait for one; does the chain make blocks?`
    );
  }
}
