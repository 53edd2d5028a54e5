import { type Chain, type Clock, type PerChain, reasonOf } from "../base/index.ts";
import type { Arrival, Message, MessageId, Watcher } from "../chain/index.ts";
import { classifyRpcError, type Node, type Receipt } from "../rpc/index.ts";
import type { Bridge } from "../../protocols/protocol.ts";
import { rememberMessage } from "./followed.ts";

/** What is to be said of a message that was not seen to pay. */
export type Inquired =
  /** It arrived, and this is all that came with it: whoever waits for it, and the books, have been told. */
  | { readonly kind: "arrived"; readonly arrival: Arrival }
  /** By the contracts' own state it has not arrived. */
  | { readonly kind: "not arrived" }
  /** Nobody could be asked, or what is known does not tell. */
  | { readonly kind: "not known"; readonly reason: string };

/** What a deposit sent, by its receipt as it is now. */
export type InquiredDeposit =
  | { readonly kind: "sent"; readonly message: Message }
  | { readonly kind: "nothing sent" }
  | { readonly kind: "not known"; readonly reason: string };

/** Whom to ask. */
export interface InquirySources {
  readonly bridge: Pick<Bridge, "history" | "sent">;
  readonly nodes: PerChain<Pick<Node, "receipt">>;
  readonly watchers: PerChain<Pick<Watcher, "recall" | "readTo" | "began">>;
  readonly clock: Clock;
}

/** What is not told at first is asked for again, as a node may be behind: with pauses that double, so often. Milliseconds. */
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 30_000;
const ATTEMPTS = 6;

/**
 * Asks the chains once more before anything is called lost. What a watcher read of a block is one node's answer, and events may be
 * missing of it: the contracts' own state says whether a message arrived, and its transaction what came with it.
 */
export class Inquiries {
  readonly #sources: InquirySources;

  constructor(sources: InquirySources) {
    this.#sources = sources;
  }

  /**
   * What became of a message on the chain that it leads to.
   *
   * @param seen its arrival as it was told, where it was: it paid nothing, or not what it was to pay
   * @param until asked for until it is known, or this is aborted; without it, some times
   */
  arrival(chain: Chain, message: MessageId, seen?: Arrival, until?: AbortSignal): Promise<Inquired> {
    return this.#patiently<Inquired>(until, async () => {
      const watcher = this.#sources.watchers[chain];
      // What failed where it arrived may have been carried out since, by another transaction.
      const isFinal = seen !== undefined && seen.isRepeatable !== true;
      const hash = isFinal ? seen.hash : ((await this.#arrivedWith(chain, message)) ?? seen?.hash);
      if (hash === undefined) return { kind: "not arrived" };
      if (hash === "unknown")
        return unknown(`it has arrived on L${chain}, and no node tells in which transaction`);
      const arrival = await watcher.recall(hash, message, seen);
      return arrival === undefined
        ? unknown(`it has arrived on L${chain} with ${hash}, and no node tells what that transaction did`)
        : { kind: "arrived", arrival };
    });
  }

  /**
   * By the state of the last block that was read: what comes later is read when its turn comes. What failed where it arrived counts,
   * too, where it may be carried out once more.
   */
  async #arrivedWith(chain: Chain, message: MessageId) {
    const { readTo: toBlock, began: fromBlock } = this.#sources.watchers[chain];
    const { history } = this.#sources.bridge;
    const range = { fromBlock, toBlock };
    return (await history.arrivalOf(chain, message, range)) ?? history.failureOf?.(chain, message, range);
  }

  /**
   * The message of a deposit whose receipt had none.
   *
   * @param until as for an arrival
   */
  deposit(chain: Chain, receipt: Receipt, until?: AbortSignal): Promise<InquiredDeposit> {
    return this.#patiently<InquiredDeposit>(until, async () => {
      const now = await this.#sources.nodes[chain].receipt(receipt.hash);
      if (now?.blockHash !== receipt.blockHash) return unknown(`no node tells what ${receipt.hash} did`);
      const message = this.#sources.bridge.sent(chain, now);
      if (message === undefined) return { kind: "nothing sent" };
      rememberMessage(receipt, message);
      return { kind: "sent", message };
    });
  }

  /** What cannot be asked is not known; a mistake of our own is thrown. */
  async #patiently<T extends { readonly kind: string }>(
    until: AbortSignal | undefined,
    ask: () => Promise<T | NotKnown>,
  ): Promise<T | NotKnown> {
    for (let attempt = 1; ; attempt++) {
      const found = await asked(ask);
      const isLast = until === undefined ? attempt === ATTEMPTS : until.aborted;
      if (found.kind !== "not known" || isLast) return found;
      const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (attempt - 1));
      await this.#sources.clock.sleep(pause, until);
    }
  }
}

interface NotKnown {
  readonly kind: "not known";
  readonly reason: string;
}

const unknown = (reason: string): NotKnown => ({ kind: "not known", reason });

async function asked<T>(ask: () => Promise<T>): Promise<T | NotKnown> {
  try {
    return await ask();
  } catch (error) {
    if (classifyRpcError(error) === "own mistake") throw error;
    return unknown(reasonOf(error));
  }
}
