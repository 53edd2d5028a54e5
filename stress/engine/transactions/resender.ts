import {
  CHAINS,
  type Chain,
  type Clock,
  type PerChain,
  perChain,
  type Publisher,
  reasonOf,
  type Source,
} from "../base/index.ts";
import type { ChainEvent } from "../chain/index.ts";
import { classifyRpcError, isTransient, type RpcFailure } from "../rpc/index.ts";
import type { TransactionEvent } from "./events.ts";
import { highestPrice } from "./fees.ts";
import { whyImpossible } from "./impossible.ts";
import { LookOrder } from "./look-order.ts";
import { Replacer, type WhyReplaced } from "./replacer.ts";
import { NotSubmitted, type SentTransaction, type SignedVersion } from "./sent-transaction.ts";
import { rawOf } from "./signing.ts";
import type { Submitter } from "./submitter.ts";
import type { SubmitterChain } from "./submitter-chain.ts";
import type { Transactions } from "./transactions.ts";

/** A transaction that waits is looked for after this time and these blocks; one taken back at once. */
const LOOK_AFTER_MS = 3000;
const LOOK_AFTER_BLOCKS = 6;

/** Least time between two rounds of a chain, and the most that is looked for in one. Milliseconds. */
const ROUND_MS = 1000;
const MOST_LOOKED_FOR = 200;

/** One that is known, could be mined at its price and is next in line is replaced after this time. Milliseconds. */
const REPLACE_AFTER_MS = 90_000;

/** A transaction that no node takes any more is given up after this time, in milliseconds, and these blocks of refusals. */
const REFUSED_FOR_MS = 30_000;
const REFUSED_FOR_BLOCKS = 20;

/** What is known of a transaction that waits. Unix milliseconds. */
interface Watch {
  readonly since: number;
  readonly sinceBlock: number;
  lookedAt: number;
  refusedSince: number | undefined;
  refusedSinceBlock: number;
}

/**
 * Sees to it that what waits is mined. What a node forgot, or a reorganisation took back, is sent again; what cannot be mined
 * at its price is replaced by the same with a higher fee and the same nonce; what will never be mined is given up. Whether a
 * transaction is there is settled by looking for it.
 */
export class Resender {
  readonly #chains: PerChain<SubmitterChain>;
  readonly #transactions: Transactions;
  readonly #submitter: Submitter;
  readonly #replacer: Replacer;
  readonly #stream: Publisher<TransactionEvent>;
  readonly #clock: Clock;
  readonly #log: (line: string) => void;
  readonly #watched = new WeakMap<SentTransaction, Watch>();
  readonly #order = perChain(() => new LookOrder());
  readonly #round = { 1: 0, 2: 0 };
  readonly #busy: Record<Chain, Promise<void> | undefined> = { 1: undefined, 2: undefined };

  constructor(
    chains: PerChain<SubmitterChain>,
    transactions: Transactions,
    submitter: Submitter,
    stream: Source<ChainEvent | TransactionEvent> & Publisher<TransactionEvent>,
    clock: Clock,
    log: (line: string) => void,
  ) {
    this.#log = log;
    this.#chains = chains;
    this.#transactions = transactions;
    this.#submitter = submitter;
    this.#replacer = new Replacer(chains, transactions, stream);
    this.#stream = stream;
    this.#clock = clock;
    stream.subscribe("resender", {
      signed: ({ transaction }) => this.#watch(transaction),
      mined: ({ transaction }) => this.#forget(transaction),
      "taken back": ({ transaction }) => this.#hurry(transaction),
      doubted: ({ transaction }) => this.#hurry(transaction),
      block: ({ chain }) => this.#tend(chain),
    });
  }

  /** Waits for what is being sent at this moment. */
  async close(): Promise<void> {
    for (const chain of CHAINS) await this.#busy[chain];
  }

  #watch(transaction: SentTransaction): Watch {
    const now = this.#clock.now();
    const sinceBlock = this.#chains[transaction.chain].watcher.readTo;
    const watch = { since: now, sinceBlock, lookedAt: now, refusedSince: undefined, refusedSinceBlock: 0 };
    this.#watched.set(transaction, watch);
    this.#order[transaction.chain].toEnd(transaction);
    return watch;
  }

  #forget(transaction: SentTransaction): void {
    this.#watched.delete(transaction);
    this.#order[transaction.chain].delete(transaction);
  }

  #hurry(transaction: SentTransaction): void {
    this.#watch(transaction);
    this.#order[transaction.chain].hurry(transaction);
  }

  /** One round at a time. */
  #tend(chain: Chain): void {
    const now = this.#clock.now();
    if (this.#busy[chain] !== undefined || now - this.#round[chain] < ROUND_MS) return;
    this.#round[chain] = now;
    const due = this.#due(chain, now);
    if (due.length === 0) return;
    this.#busy[chain] = this.#look(due).finally(() => {
      this.#busy[chain] = undefined;
    });
  }

  #due(chain: Chain, now: number): readonly SentTransaction[] {
    const { readTo } = this.#chains[chain].watcher;
    return this.#order[chain].due(MOST_LOOKED_FOR, {
      isWaiting: (transaction) => this.#transactions.has(transaction),
      isEarly: (transaction) => now - this.#watchOf(transaction).lookedAt <= LOOK_AFTER_MS,
      isDue: (transaction) => readTo - this.#watchOf(transaction).sinceBlock > LOOK_AFTER_BLOCKS,
    });
  }

  #watchOf(transaction: SentTransaction): Watch {
    return this.#watched.get(transaction) ?? this.#watch(transaction);
  }

  async #look(transactions: readonly SentTransaction[]): Promise<void> {
    await Promise.all(
      transactions.map(async (transaction) => {
        const watch = this.#watchOf(transaction);
        watch.lookedAt = this.#clock.now();
        this.#order[transaction.chain].toEnd(transaction);
        try {
          await this.#mend(transaction, watch);
        } catch (error) {
          if (classifyRpcError(error) === "own mistake") this.#stream.publish({ kind: "fault", error });
          // Whatever the endpoint answered, it is asked in the next round; the watchers decide when it is dead.
          this.#log(`WARNING cannot look for ${transaction.hash}: ${reasonOf(error)}`);
        }
      }),
    );
  }

  async #mend(transaction: SentTransaction, watch: Watch): Promise<void> {
    const { node, watcher } = this.#chains[transaction.chain];
    const { version } = transaction;
    const isKnown = await node.isKnown(version.hash);
    if (transaction.state.at !== "waiting") return;
    const { baseFee } = watcher.head;
    const isTooCheap = baseFee !== undefined && highestPrice(version.fees) < baseFee;
    if (!isKnown) {
      await this.#sendAgain(transaction, version, watch);
      return;
    }
    watch.refusedSince = undefined;
    if (isTooCheap) await this.#replace(transaction, watch, "too cheap");
    else if (this.#clock.now() - watch.since > REPLACE_AFTER_MS)
      await this.#replace(transaction, watch, "late");
  }

  async #sendAgain(transaction: SentTransaction, version: SignedVersion, watch: Watch): Promise<void> {
    const { node, chainId } = this.#chains[transaction.chain];
    try {
      await node.sendRaw(rawOf(transaction, version, chainId));
      this.#stream.publish({ kind: "resent", transaction, how: "rebroadcast" });
      watch.refusedSince = undefined;
    } catch (error) {
      const failure = classifyRpcError(error);
      if (failure === "already known") {
        watch.refusedSince = undefined;
        return;
      }
      if (isTransient(failure) || failure === "own mistake") throw error;
      if (failure === "fee too low") {
        // Its fee is not enough now: it waits for a better moment, or for its turn to be replaced.
        await this.#replace(transaction, watch, "too cheap");
        return;
      }
      await this.#doubt(transaction, watch, failure, reasonOf(error));
    }
  }

  /** No node takes it. It may have been mined all the same, or its turn may come: only time tells. */
  async #doubt(
    transaction: SentTransaction,
    watch: Watch,
    failure: RpcFailure,
    reason: string,
  ): Promise<void> {
    const chain = this.#chains[transaction.chain];
    const { node } = chain;
    const receipts = await Promise.all(transaction.versions.map(({ hash }) => node.receipt(hash)));
    // The watcher will tell of it.
    if (receipts.some((receipt) => receipt !== undefined)) {
      watch.refusedSince = undefined;
      return;
    }
    // Others may depend on what a reorganisation took back, and an account may be paid yet: only a nonce is used for good.
    const isImpossible = (await whyImpossible(chain, transaction)) === "nonce used";
    const { readTo } = chain.watcher;
    if (watch.refusedSince === undefined) watch.refusedSinceBlock = readTo;
    watch.refusedSince ??= this.#clock.now();
    const isLong =
      this.#clock.now() - watch.refusedSince >= REFUSED_FOR_MS &&
      readTo - watch.refusedSinceBlock >= REFUSED_FOR_BLOCKS;
    if (transaction.state.at !== "waiting" || !(isImpossible || isLong)) return;
    const known = isImpossible ? "nonce too low" : failure;
    await this.#submitter.giveUp(transaction, new NotSubmitted(known, `no node takes it: ${reason}`));
  }

  #replace(transaction: SentTransaction, watch: Watch, why: WhyReplaced): Promise<void> {
    return this.#replacer.replace(transaction, why, () => {
      this.#watched.set(transaction, { ...watch, since: this.#clock.now(), refusedSince: undefined });
    });
  }
}
