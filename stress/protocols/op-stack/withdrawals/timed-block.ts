import type { L2State } from "./l2-state.ts";

/** The last L2 block at or before a time, remembered as long as it is that. */
export class TimedBlock {
  readonly #state: L2State;
  readonly #seconds: number;
  #found: { readonly block: number; readonly hash: string } | undefined;

  constructor(state: L2State, seconds: number) {
    this.#state = state;
    this.#seconds = seconds;
  }

  async upTo(newest: number): Promise<number | undefined> {
    const found = this.#found;
    // A reorganisation of L2 may give the time to another block.
    if (found !== undefined && (await this.#state.header(found.block)).hash === found.hash)
      return found.block;
    const block = await this.#state.lastBlockAt(this.#seconds, newest);
    if (block === undefined) return undefined;
    this.#found = { block, hash: (await this.#state.header(block)).hash };
    return block;
  }
}
