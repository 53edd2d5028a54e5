import { setTimeout as sleep } from "node:timers/promises";
import { Arrivals } from "./arrivals.ts";
import { type BlockFacts, BlockReader, type Interest } from "./block-reader.ts";
import type { Chain } from "../base/chain.ts";
import { ChainHead, type Head } from "./chain-head.ts";
import type { Clock } from "../base/clock.ts";
import { EndpointHealth } from "./endpoint-health.ts";
import { reasonOf } from "../base/errors.ts";
import type { MessageId } from "../../protocols/ovm2/messages.ts";
import { quantity, type Receipt, type TxHash } from "../rpc/receipt.ts";
import { RELAY_TOPICS, type RelayedMessage, relayedMessages } from "../../protocols/ovm2/relayed-messages.ts";
import { patient, type Rpc } from "../rpc/rpc.ts";

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
  /** An endpoint that has not answered for this long is dead, in milliseconds. */
  readonly deadAfter: number;
  readonly log: (line: string) => void;
}

/** A part of the chain that is no longer in it. */
export interface Reorganisation {
  readonly chain: Chain;
  /** The last block that both branches share. */
  readonly commonBlock: number;
  /** Blocks that were read and are gone. */
  readonly depth: number;
}

/** A block with the messages that were relayed in it. */
export interface WatchedBlock extends BlockFacts {
  readonly messages: readonly RelayedMessage[];
}

/** Blocks read at once while catching up. */
const MOST_BLOCKS = 25;

/** Attempts at each request for a part of a block, before all of it is read anew. */
const READ_ATTEMPTS = 4;

/**
 * Follows one chain block by block. What a run waits for is registered here before it can happen: receipts by
 * transaction hash, payouts by message id. What a reorganisation takes back is told, and then watched for again.
 */
export class Watcher {
  readonly #options: WatcherOptions;
  readonly #reader: BlockReader;
  readonly #arrivals: Arrivals;
  readonly #listeners: ((facts: WatchedBlock) => void)[] = [];
  readonly #reorganisationListeners: ((reorganisation: Reorganisation) => void)[] = [];
  readonly #closing = new AbortController();
  #running: Promise<void> | undefined;
  readonly #head: ChainHead;
  /** Whether the endpoint answers. */
  readonly health: EndpointHealth;
  #next = 0;

  constructor(options: WatcherOptions) {
    this.#options = options;
    this.#arrivals = new Arrivals(options.clock, options.rememberFor);
    const { addresses, topics } = options.interest;
    // Of hundreds of requests some fail: each is repeated by itself, as all of them together would never succeed.
    const rpc = patient(options.rpc, { attempts: READ_ATTEMPTS });
    this.#head = new ChainHead(rpc, options.pool, options.clock);
    this.health = new EndpointHealth(options.clock, options.deadAfter);
    this.#reader = new BlockReader(rpc, { addresses, topics: [...topics, ...RELAY_TOPICS] });
  }

  /** The newest block's figures. */
  get head(): Head {
    return this.#head.now;
  }

  /** The least and the greatest base fee of the blocks read, in wei; undefined on chains without EIP-1559. */
  get baseFees(): { readonly least: bigint; readonly most: bigint } | undefined {
    return this.#head.baseFees;
  }

  /** The last block that was read: everything told so far is as of this block. */
  get readTo(): number {
    return this.#next - 1;
  }

  get waitingForReceipts(): number {
    return this.#arrivals.pendingReceipts;
  }

  get waitingForMessages(): number {
    return this.#arrivals.pendingMessages;
  }

  /** Begins with the block after the present head. */
  async start(): Promise<void> {
    const number = Number(quantity(await this.#options.rpc.send("eth_blockNumber", [])));
    const block = await this.#reader.header(number);
    await this.#head.read(number, block?.baseFee);
    this.#next = number + 1;
    if (block !== undefined) this.#arrivals.begin(number, block.hash);
    this.#running = this.#run();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#running;
  }

  /** Calls `listener` with each block, in the order of the chain, before anybody who waits for a part of it goes on. */
  onBlock(listener: (facts: WatchedBlock) => void): void {
    this.#listeners.push(listener);
  }

  /** Calls `listener` where blocks that were told are no longer part of the chain. */
  onReorganisation(listener: (reorganisation: Reorganisation) => void): void {
    this.#reorganisationListeners.push(listener);
  }

  /** Registers a transaction, and waits for it to be mined. Must come before it is sent. */
  receipt(hash: TxHash): Promise<Receipt> {
    return new Promise((resolve) => this.#arrivals.expect(hash, resolve));
  }

  /** Registers a transaction whose receipt a block's listener takes. Must come before it is sent. */
  expect(hash: TxHash): void {
    this.#arrivals.expect(hash, () => undefined);
  }

  /** Registers a message that is on its way to this chain; it may be here already. */
  message(id: MessageId): Promise<RelayedMessage> {
    return this.#arrivals.message(id);
  }

  /** Waits no longer for a transaction that will never be mined, or a message given up. */
  forget({ hash, message }: { hash?: TxHash | undefined; message?: MessageId | undefined }): void {
    if (hash !== undefined) this.#arrivals.forgetTransaction(hash);
    if (message !== undefined) this.#arrivals.forgetMessage(message);
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    const { clock, log } = this.#options;
    while (!signal.aborted) {
      const begun = clock.now();
      try {
        await this.#poll();
        this.health.answered();
      } catch (error) {
        // Whatever an endpoint did wrong, it is asked again: a stress test must outlive it. The run ends where it lasts.
        this.health.failed(begun);
        log(`WARNING cannot read the chain, will try again: ${reasonOf(error)}`);
        this.#options.rpc.traffic.repeated();
      }
      await sleep(this.#head.pause, undefined, { signal }).catch(() => undefined);
    }
  }

  async #poll(): Promise<void> {
    const head = Number(quantity(await this.#options.rpc.send("eth_blockNumber", [])));
    const last = Math.min(head - this.#options.confirmations, this.#next + MOST_BLOCKS - 1);
    // A head below what was read may be a node that lags behind, or a reorganisation: its next block will tell.
    if (head <= this.head.number && last < this.#next) return;
    const [facts] = await Promise.all([
      last < this.#next ? [] : this.#reader.read(this.#next, last, (hash) => this.#arrivals.isOwn(hash)),
      this.#head.read(head),
    ]);
    for (const one of facts) {
      if (await this.#isReorganised(one)) return;
      this.#take(one);
    }
  }

  #take(facts: BlockFacts): void {
    const { block, receipts, logs } = facts;
    const { log, clock } = this.#options;
    this.#next = block.number + 1;
    this.#head.noteBaseFee(block.baseFee);
    const { number, hash, transactions } = block;
    log(`block ${number} ${hash} with ${transactions.length} transactions at ${clock.now() / 1000}`);
    for (const one of receipts) {
      log(`  own transaction ${one.hash} ${one.succeeded ? "succeeded" : "FAILED"}, gas ${one.gasUsed}`);
    }
    const messages = [...relayedMessages(logs, log)];
    for (const { id, hash: relay } of messages) {
      log(`  message ${id} relayed by ${relay}${this.#arrivals.isAwaited(id) ? ", waited for" : ""}`);
    }
    const watched = { ...facts, messages };
    for (const listener of this.#listeners) listener(watched);
    this.#arrivals.take(watched);
  }

  /** Whether the block does not follow the one read before it; if so, goes back to where the chain forked. */
  async #isReorganised({ block }: BlockFacts): Promise<boolean> {
    const expected = this.#arrivals.hashOf(block.number - 1);
    if (expected === undefined || expected === block.parentHash) return false;
    let common = block.number - 1;
    for (let hash: string | undefined = expected; hash !== undefined; hash = this.#arrivals.hashOf(common)) {
      const now = await this.#reader.header(common);
      // Another node of a load-balanced endpoint may not be there yet: that says nothing of the chain.
      if (now === undefined) return true;
      if (now.hash === hash) break;
      common--;
    }
    const { chain, log } = this.#options;
    const depth = block.number - 1 - common;
    // A node on another branch may have answered in between: where nothing differs, nothing is taken back.
    if (depth === 0) return true;
    log(`WARNING reorganisation of ${depth} blocks: reading again from block ${common + 1}`);
    this.#arrivals.goBack(common, depth);
    this.#next = common + 1;
    for (const listener of this.#reorganisationListeners) listener({ chain, commonBlock: common, depth });
    return true;
  }
}
