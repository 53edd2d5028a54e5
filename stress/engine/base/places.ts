/** Places for what may be done so many at once, in the order in which it is asked for. */
export class Places {
  /** How many there are, at least one; what is under way beyond that ends by itself. */
  size: number;
  readonly #waiting: (() => void)[] = [];
  #used = 0;

  constructor(size: number) {
    this.size = size;
  }

  /** How many are taken. */
  get used(): number {
    return this.#used;
  }

  /** Does something that takes one place, as soon as there is one. */
  async take<T>(act: () => Promise<T>): Promise<T> {
    if (this.#used >= this.size) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#used++;
    try {
      return await act();
    } finally {
      this.#leave();
    }
  }

  #leave(): void {
    this.#used--;
    // Whoever waited has the place that was left, before anybody who comes.
    while (this.#waiting.length > 0 && this.#used < this.size) {
      this.#used++;
      this.#waiting.shift()?.();
    }
  }
}
