/** The rate that held and the one that broke are as near as this: a tenth. */
const NEAR = 1.1;

/** A first rate that breaks is halved this often at most before the search gives up. */
const MOST_HALVED = 4;

/** Looks for the highest rate that holds: doubles it until one breaks, then halves the interval between the two. */
export class RateSearch {
  #held = 0;
  #broke = Number.POSITIVE_INFINITY;
  #next: number;
  readonly #least: number;

  /** @param first starts a second, above 0 */
  constructor(first: number) {
    this.#next = first;
    this.#least = first / 2 ** MOST_HALVED;
  }

  /** The rate to be tried, in starts a second; undefined where the search is through. */
  get next(): number | undefined {
    const isNear = this.#held > 0 && this.#broke <= this.#held * NEAR;
    return isNear || this.#next < this.#least ? undefined : this.#next;
  }

  /** What became of the rate that was tried. */
  tried(isHeld: boolean): void {
    if (isHeld) this.#held = this.#next;
    else this.#broke = this.#next;
    this.#next = this.#broke === Number.POSITIVE_INFINITY ? this.#held * 2 : (this.#held + this.#broke) / 2;
  }
}
