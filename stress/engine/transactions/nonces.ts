import { type Chain, perChain } from "../base/index.ts";

/**
 * Nonces of the run's own accounts, kept by account and chain: no request per transaction. A nonce whose transaction was
 * refused is released and is the next to be taken, so that no gap blocks what follows.
 */
export class Nonces {
  readonly #next = perChain(() => new Map<string, number>());
  readonly #released = perChain(() => new Map<string, number[]>());
  /** Nonces taken by what arrived, in blocks that a reorganisation took back: they are taken again, by the same in its new place. */
  readonly #owed = perChain(() => new Map<string, number>());

  /** @param next the account's transaction count on the chain, pending ones included */
  open(account: string, chain: Chain, next: number): void {
    this.#next[chain].set(account, next);
    this.#released[chain].delete(account);
    this.#owed[chain].delete(account);
  }

  /** The lowest nonce that is free, taken. */
  take(account: string, chain: Chain): number {
    const released = this.#released[chain].get(account)?.shift();
    if (released !== undefined) return released;
    const next = this.#next[chain].get(account);
    if (next === undefined) throw new Error(`the nonce of ${account} on chain ${chain} was never opened`);
    this.#next[chain].set(account, next + 1);
    return next;
  }

  /** A message that arrived took the account's next nonce: no transaction of the run's own may have it. */
  passed(account: string, chain: Chain): void {
    const owed = this.#owed[chain].get(account) ?? 0;
    if (owed > 0) {
      this.#owed[chain].set(account, owed - 1);
      return;
    }
    const next = this.#next[chain].get(account);
    if (next !== undefined) this.#next[chain].set(account, next + 1);
  }

  /** A reorganisation took it back. It comes again, and takes the same nonce. */
  takenBack(account: string, chain: Chain): void {
    if (this.#next[chain].has(account))
      this.#owed[chain].set(account, (this.#owed[chain].get(account) ?? 0) + 1);
  }

  /** Whether a nonce was released that later ones in flight wait for. */
  hasGap(account: string, chain: Chain): boolean {
    return (this.#released[chain].get(account)?.length ?? 0) > 0;
  }

  /** Makes a nonce free again whose transaction the chain refused for good. */
  release(account: string, chain: Chain, nonce: number): void {
    const next = this.#next[chain].get(account);
    if (next === nonce + 1) {
      this.#next[chain].set(account, nonce);
      return;
    }
    const released = [...(this.#released[chain].get(account) ?? []), nonce].sort((a, b) => a - b);
    this.#released[chain].set(account, released);
  }
}
