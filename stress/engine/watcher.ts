import { setTimeout as sleep } from "node:timers/promises";
import { toQuantity } from "ethers";
import { type BlockFacts, BlockReader, type Interest } from "./block-reader.ts";
import type { Chain } from "./chain.ts";
import type { Clock } from "./clock.ts";
import { reasonOf } from "./errors.ts";
import type { MessageId } from "./messages.ts";
import { quantity, type Receipt, type TxHash } from "./receipt.ts";
import { RELAY_TOPICS, type RelayedMessage, relayedMessages } from "./relayed-messages.ts";
import type { Rpc } from "./rpc.ts";

/** The chain as of its newest block. Wei. */
export interface Head {
  readonly number: number;
  readonly baseFee: bigint | undefined;
  readonly gasPrice: bigint;
  readonly poolBalance: bigint;
}

/** What a watcher needs to know of its chain. */
export interface WatcherOptions {
  readonly chain: Chain;
  readonly rpc: Rpc;
  readonly clock: Clock;
  /** A block counts once the head is this many blocks past it. */
  readonly confirmations: number;
  /** Events that payouts consist of, the messengers' own left out: lower-case addresses and topics. */
  readonly interest: Interest;
  /** The chain's liquidity pool, whose balance fast crossings depend on. */
  readonly pool: string;
  /** How long a message that nobody asked for yet is remembered, in milliseconds. */
  readonly rememberFor: number;
  readonly log: (line: string) => void;
}

/** Blocks read at once while catching up. */
const MOST_BLOCKS = 25;

/** Block hashes kept to notice a reorganisation: deeper ones than this are not undone. */
const HASHES_KEPT = 128;

/** The head is asked for this many times in a block's time, within these bounds in milliseconds. */
const POLLS_PER_BLOCK = 8;
const POLL_MS = { least: 25, most: 2000 };

/**
 * Follows one chain block by block. What a run waits for is registered here before it can happen: receipts by
 * transaction hash, payouts by message id.
 */
export class Watcher {
  readonly #options: WatcherOptions;
  readonly #reader: BlockReader;
  readonly #receipts = new Map<TxHash, (receipt: Receipt) => void>();
  readonly #messages = new Map<MessageId, (message: RelayedMessage) => void>();
  /** Messages that came before anybody asked for them: the deposit's receipt may be read later than its payout. */
  readonly #early = new Map<MessageId, { message: RelayedMessage; until: number }>();
  readonly #hashes = new Map<number, string>();
  readonly #listeners: ((facts: BlockFacts) => void)[] = [];
  readonly #closing = new AbortController();
  #running: Promise<void> | undefined;
  #head: Head | undefined;
  #next = 0;
  #blockMs = 1000;
  #headSeenAt = 0;
  #failingSince: number | undefined;

  constructor(options: WatcherOptions) {
    this.#options = options;
    const { addresses, topics } = options.interest;
    this.#reader = new BlockReader(options.rpc, { addresses, topics: [...topics, ...RELAY_TOPICS] });
  }

  /** The newest block's figures. */
  get head(): Head {
    if (this.#head === undefined)
      throw new Error(`the watcher of chain ${this.#options.chain} was not started`);
    return this.#head;
  }

  /** Since when the endpoint has not answered, in Unix milliseconds; undefined while it answers. */
  get failingSince(): number | undefined {
    return this.#failingSince;
  }

  get waitingForReceipts(): number {
    return this.#receipts.size;
  }

  get waitingForMessages(): number {
    return this.#messages.size;
  }

  /** Begins with the block after the present head. */
  async start(): Promise<void> {
    const number = Number(quantity(await this.#options.rpc.send("eth_blockNumber", [])));
    const block = await this.#reader.header(number);
    await this.#readHead(number, block?.baseFee);
    this.#next = number + 1;
    this.#headSeenAt = this.#options.clock.now();
    if (block !== undefined) this.#hashes.set(number, block.hash);
    this.#running = this.#run();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#running;
  }

  /** Calls `listener` with each block, after its receipts and messages were handed out. */
  onBlock(listener: (facts: BlockFacts) => void): void {
    this.#listeners.push(listener);
  }

  /** Registers a transaction. Must come before it is sent. */
  receipt(hash: TxHash): Promise<Receipt> {
    return new Promise((resolve) => this.#receipts.set(hash, resolve));
  }

  /** Registers a message that is on its way to this chain; it may be here already. */
  message(id: MessageId): Promise<RelayedMessage> {
    const early = this.#early.get(id);
    if (early === undefined) return new Promise((resolve) => this.#messages.set(id, resolve));
    this.#early.delete(id);
    return Promise.resolve(early.message);
  }

  /** Waits no longer for a transaction that was never sent, or a message given up. */
  forget(what: { hash?: TxHash | undefined; message?: MessageId | undefined }): void {
    if (what.hash !== undefined) this.#receipts.delete(what.hash);
    if (what.message !== undefined) this.#messages.delete(what.message);
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    const { clock, log } = this.#options;
    while (!signal.aborted) {
      try {
        await this.#poll();
        this.#failingSince = undefined;
      } catch (error) {
        // Whatever an endpoint did wrong, it is asked again: a stress test must outlive it. The run ends where it lasts.
        this.#failingSince ??= clock.now();
        log(`WARNING cannot read the chain, will try again: ${reasonOf(error)}`);
        this.#options.rpc.traffic.repeated();
      }
      const pause = Math.min(POLL_MS.most, Math.max(POLL_MS.least, this.#blockMs / POLLS_PER_BLOCK));
      await sleep(pause, undefined, { signal }).catch(() => undefined);
    }
  }

  async #poll(): Promise<void> {
    const head = Number(quantity(await this.#options.rpc.send("eth_blockNumber", [])));
    const last = Math.min(head - this.#options.confirmations, this.#next + MOST_BLOCKS - 1);
    // A head below what was read may be a node that lags behind, or a reorganisation: its next block will tell.
    if (head <= this.head.number && last < this.#next) return;
    this.#noteBlockTime(head);
    const [facts] = await Promise.all([
      last < this.#next ? [] : this.#reader.read(this.#next, last, (hash) => this.#receipts.has(hash)),
      this.#readHead(head),
    ]);
    for (const one of facts) {
      if (await this.#isReorganised(one)) return;
      this.#take(one);
    }
  }

  #noteBlockTime(head: number): void {
    const blocks = head - this.head.number;
    if (blocks <= 0) return;
    const now = this.#options.clock.now();
    this.#blockMs = 0.8 * this.#blockMs + 0.2 * ((now - this.#headSeenAt) / blocks);
    this.#headSeenAt = now;
  }

  async #readHead(number: number, baseFee = this.#head?.baseFee): Promise<void> {
    const { rpc, pool } = this.#options;
    const [gasPrice, poolBalance] = await Promise.all([
      rpc.send("eth_gasPrice", []),
      rpc.send("eth_getBalance", [pool, toQuantity(number)]),
    ]);
    this.#head = { number, baseFee, gasPrice: quantity(gasPrice), poolBalance: quantity(poolBalance) };
  }

  #take(facts: BlockFacts): void {
    const { block, receipts, logs } = facts;
    const { log, clock } = this.#options;
    this.#next = block.number + 1;
    this.#hashes.set(block.number, block.hash);
    this.#hashes.delete(block.number - HASHES_KEPT);
    this.#head = { ...this.head, baseFee: block.baseFee };
    log(
      `block ${block.number} ${block.hash} with ${block.transactions.length} transactions at ${clock.now() / 1000}`,
    );
    for (const receipt of receipts) {
      log(
        `  own transaction ${receipt.hash} ${receipt.succeeded ? "succeeded" : "FAILED"}, gas ${receipt.gasUsed}`,
      );
      this.#receipts.get(receipt.hash)?.(receipt);
      this.#receipts.delete(receipt.hash);
    }
    for (const message of relayedMessages(logs, (line) => log(line))) this.#deliver(message);
    for (const listener of this.#listeners) listener(facts);
  }

  #deliver(message: RelayedMessage): void {
    const { log, clock, rememberFor } = this.#options;
    const now = clock.now();
    for (const [id, { until }] of this.#early) {
      // Oldest first: the map keeps the order of arrival.
      if (until > now) break;
      this.#early.delete(id);
    }
    const waiting = this.#messages.get(message.id);
    log(`  message ${message.id} relayed by ${message.hash}${waiting ? ", waited for" : ""}`);
    if (waiting === undefined) this.#early.set(message.id, { message, until: now + rememberFor });
    this.#messages.delete(message.id);
    waiting?.(message);
  }

  /** Whether the block does not follow the one read before it; if so, goes back to where the chain forked. */
  async #isReorganised({ block }: BlockFacts): Promise<boolean> {
    const expected = this.#hashes.get(block.number - 1);
    if (expected === undefined || expected === block.parentHash) return false;
    let common = block.number - 1;
    while (this.#hashes.has(common)) {
      const now = await this.#reader.header(common);
      if (now?.hash === this.#hashes.get(common)) break;
      this.#hashes.delete(common);
      common--;
    }
    const depth = block.number - 1 - common;
    this.#options.log(`WARNING reorganisation of ${depth} blocks: reading again from block ${common + 1}`);
    this.#next = common + 1;
    return true;
  }
}
