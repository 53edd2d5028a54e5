import { type Clock, type Publisher, unlessAborted } from "../base/index.ts";
import { classifyRpcError, type Receipt, type TxHash } from "../rpc/index.ts";
import type { TransactionEvent } from "./events.ts";
import type { SentTransaction } from "./sent-transaction.ts";
import type { SubmitterChain } from "./submitter-chain.ts";

/** Least time between two looks on a chain that gives preconfirmations, and after one that failed. Milliseconds. */
const LOOK_MS = 50;
const FAILED_MS = 1000;

/** Of the looks that find out whether a chain gives any: how many, and the longest pause. The first ones are short. */
const TRIALS = 10;
const LONGEST_TRIAL_MS = 2000;

/** The most transactions that one look asks for. */
const MOST_ASKED = 100;

/** One that is not in as many blocks since it was sent waits for something else: it is asked for no more. */
const BLOCKS = 2;

/** A receipt that was answered before there was its block. */
export interface EarlyReceipt {
  readonly transaction: SentTransaction;
  readonly receipt: Receipt;
  /** When it was first seen. Unix milliseconds. */
  readonly at: number;
}

interface Asked {
  readonly transaction: SentTransaction;
  /** The last block that was read when it was sent. */
  readonly since: number;
}

/** What early receipts are looked for with. */
export interface EarlyReceiptsOptions {
  readonly chain: Pick<SubmitterChain, "node" | "watcher">;
  readonly clock: Clock;
  readonly stream: Publisher<TransactionEvent>;
  /** Whether the chain is known to give them. As long as it is not, a run asks some ten times in all. */
  readonly isProven: () => boolean;
  readonly found: (early: EarlyReceipt) => void;
}

/** Looks for receipts of transactions just sent whose blocks are yet to be. It runs only while there are such transactions. */
export class EarlyReceipts {
  readonly #options: EarlyReceiptsOptions;
  readonly #asked = new Map<TxHash, Asked>();
  readonly #closing = new AbortController();
  #running: Promise<void> | undefined;
  #trials = 0;
  #hasFailed = false;

  constructor(options: EarlyReceiptsOptions) {
    this.#options = options;
  }

  /** Takes up a version of a transaction that is about to be sent. */
  ask(transaction: SentTransaction, hash: TxHash): void {
    if (!this.#isOpen) return;
    this.#asked.set(hash, { transaction, since: this.#options.chain.watcher.readTo });
    this.#running ??= this.#run();
  }

  /** It is in a block, or never will be. */
  forget(hash: TxHash): void {
    this.#asked.delete(hash);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#running;
  }

  get #isOpen(): boolean {
    return !this.#closing.signal.aborted && (this.#options.isProven() || this.#trials < TRIALS);
  }

  get #pause(): number {
    if (this.#hasFailed) return FAILED_MS;
    return this.#options.isProven() ? LOOK_MS : Math.min(LOOK_MS * 2 ** this.#trials, LONGEST_TRIAL_MS);
  }

  async #run(): Promise<void> {
    const { clock } = this.#options;
    const { signal } = this.#closing;
    while (this.#isOpen && this.#asked.size > 0) {
      await clock.sleep(this.#pause, signal);
      try {
        // An answer that never comes must not hold up the end.
        await unlessAborted(this.#look(), signal);
      } catch (error) {
        if (!signal.aborted) this.#tellFault(error);
        break;
      }
    }
    this.#asked.clear();
    this.#running = undefined;
  }

  #tellFault(error: unknown): void {
    try {
      this.#options.stream.publish({ kind: "fault", error });
    } catch {
      // It ends the run all the same.
    }
  }

  async #look(): Promise<void> {
    const { chain, clock, isProven } = this.#options;
    this.#hasFailed = false;
    for (const [hash, { since }] of this.#asked) {
      if (chain.watcher.readTo - since >= BLOCKS) this.#asked.delete(hash);
    }
    // The oldest is the likeliest to have one.
    const asked = [...this.#asked].slice(0, isProven() ? MOST_ASKED : 1);
    if (asked.length === 0) return;
    if (!isProven()) this.#trials++;
    const told = await Promise.all(asked.map(([hash]) => this.#orNothing(chain.node.receipt(hash))));
    const at = clock.now();
    const receipts = told.filter((one) => one !== undefined);
    if (receipts.length === 0) return;
    const head = await this.#orNothing(chain.node.blockNumber());
    if (head === undefined) return;
    // Behind one endpoint some nodes may lag: what the watcher has seen counts, too.
    const reached = Math.max(head, chain.watcher.head.number);
    for (const receipt of receipts) {
      const one = this.#asked.get(receipt.hash);
      this.#asked.delete(receipt.hash);
      if (one === undefined || receipt.blockNumber <= reached) continue;
      this.#options.found({ transaction: one.transaction, receipt, at });
    }
  }

  /** Whatever the endpoint did wrong: it is asked again after a while, or a measurement is missing. */
  async #orNothing<T>(asked: Promise<T>): Promise<T | undefined> {
    try {
      return await asked;
    } catch (error) {
      if (classifyRpcError(error) === "own mistake") throw error;
      this.#hasFailed = true;
      return undefined;
    }
  }
}
