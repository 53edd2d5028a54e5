/** Remembers what was asked in the state of the newest block: hundreds of withdrawals ask the same. */
export class PerBlock<T> {
  readonly #ask: (block: number) => Promise<T>;
  #block = -1;
  #asked: Promise<T> | undefined;

  constructor(ask: (block: number) => Promise<T>) {
    this.#ask = ask;
  }

  at(block: number): Promise<T> {
    if (this.#asked !== undefined && this.#block === block) return this.#asked;
    this.#block = block;
    const asked = this.#ask(block);
    this.#asked = asked;
    asked.catch(() => {
      // It is asked again by whoever comes next.
      if (this.#asked === asked) this.#asked = undefined;
    });
    return asked;
  }
}

/** The same of several things, each by its key. */
export class PerBlockAndKey<T> {
  readonly #asked = new PerBlock<Map<string, Promise<T>>>(async () => new Map());

  async at(block: number, key: string, ask: () => Promise<T>): Promise<T> {
    const known = await this.#asked.at(block);
    const before = known.get(key);
    if (before !== undefined) return before;
    const asked = ask();
    known.set(key, asked);
    asked.catch(() => known.delete(key));
    return asked;
  }
}
