import { TRANSFER_GAS } from "../base/index.ts";
import type { BlockFacts } from "./block-by-receipts.ts";

/** Blocks after which it is read anew, though no event told that it changed: others may change it without one that anybody looks for. */
const EVERY_BLOCKS = 8;

/**
 * What depends on the newest block, a pool's balance say. It is read when a block may have changed it, and before its events are told:
 * whoever hears of them decides by it. Blocks without events do not wait for it.
 */
export class AtHead {
  readonly #read: (block: number) => Promise<void>;
  #readAt = Number.NEGATIVE_INFINITY;
  /** Where the last blocks may have changed it, the next ones are likely to, too: it is read together with them. */
  #changes = true;
  #reading: { readonly block: number; readonly done: Promise<void> } | undefined;

  /** @param read reads it as of a block */
  constructor(read: (block: number) => Promise<void>) {
    this.#read = read;
  }

  /** A new head is there, whose blocks are being read. */
  begin(head: number): void {
    if (this.#changes || head >= this.#readAt + EVERY_BLOCKS) this.#start(head);
  }

  /** Blocks up to this head are about to be told. @throws what keeps it from being read, where it has to be */
  async before(facts: readonly BlockFacts[], head: number): Promise<void> {
    this.#changes = facts.some(mayChange);
    if (!this.#changes) return;
    if (this.#reading?.block !== head) this.#start(head);
    if (facts.some(hasEvents)) await this.#reading?.done;
  }

  /** Resolves when nothing is being read. @throws what kept it from being read */
  async settled(): Promise<void> {
    const reading = this.#reading;
    this.#reading = undefined;
    await reading?.done;
  }

  #start(block: number): void {
    const done = this.#read(block).then(() => {
      this.#readAt = block;
    });
    // Who waits for it is told.
    done.catch(() => undefined);
    this.#reading = { block, done };
  }
}

const hasEvents = ({ logs }: BlockFacts): boolean => logs.length > 0;

/** By events, or by what the run itself sent to a contract, which takes more than a transfer: some nodes tell of no events. */
const mayChange = (facts: BlockFacts): boolean =>
  hasEvents(facts) || facts.receipts.some(({ gasUsed }) => gasUsed > TRANSFER_GAS);
