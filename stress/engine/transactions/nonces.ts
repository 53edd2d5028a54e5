import type { Chain } from "../base/index.ts";

/**
 * Nonces of the run's own accounts, kept by account and chain: no request per transaction. A nonce whose transaction was
 * refused is released and is the next to be taken, so that no gap blocks what follows.
 */
export class Nonces {
  readonly #next = new Map<string, number>();
  readonly #released = new Map<string, number[]>();
  /** Nonces taken by what arrived, in blocks that a reorganisation took back: they are taken again, by the same in its new place. */
  readonly #owed = new Map<string, number>();

  /** @param next the account's transaction count on the chain, pending ones included */
  open(account: string, chain: Chain, next: number): void {
    this.#next.set(keyOf(account, chain), next);
    this.#released.delete(keyOf(account, chain));
    this.#owed.delete(keyOf(account, chain));
  }

  /** The lowest nonce that is free, taken. */
  take(account: string, chain: Chain): number {
    const key = keyOf(account, chain);
    const released = this.#released.get(key)?.shift();
    if (released !== undefined) return released;
    const next = this.#next.get(key);
    if (next === undefined) throw new Error(`the nonce of ${account} on chain ${chain} was never opened`);
    this.#next.set(key, next + 1);
    return next;
  }

  /** A message that arrived took the account's next nonce: no transaction of the run's own may have it. */
  passed(account: string, chain: Chain): void {
    const key = keyOf(account, chain);
    const owed = this.#owed.get(key) ?? 0;
    if (owed > 0) {
      this.#owed.set(key, owed - 1);
      return;
    }
    const next = this.#next.get(key);
    if (next !== undefined) this.#next.set(key, next + 1);
  }

  /** A reorganisation took it back. It comes again, and takes the same nonce. */
  takenBack(account: string, chain: Chain): void {
    const key = keyOf(account, chain);
    if (this.#next.has(key)) this.#owed.set(key, (this.#owed.get(key) ?? 0) + 1);
  }

  /** Whether a nonce was released that later ones in flight wait for. */
  hasGap(account: string, chain: Chain): boolean {
    return (this.#released.get(keyOf(account, chain))?.length ?? 0) > 0;
  }

  /** Makes a nonce free again whose transaction the chain refused for good. */
  release(account: string, chain: Chain, nonce: number): void {
    const key = keyOf(account, chain);
    const next = this.#next.get(key);
    if (next === nonce + 1) {
      this.#next.set(key, nonce);
      return;
    }
    const released = [...(this.#released.get(key) ?? []), nonce].sort((a, b) => a - b);
    this.#released.set(key, released);
  }
}

const keyOf = (account: string, chain: Chain): string => `${chain}:${account}`;
