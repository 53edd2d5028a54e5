import {
  type BlockTag,
  classifyRpcError,
  hedged,
  Node,
  retrying,
  type Rpc,
  type TxHash,
} from "../rpc/index.ts";
import { Arrivals } from "./arrivals.ts";
import { AtHead } from "./at-head.ts";
import type { BlockFacts } from "./block-by-receipts.ts";
import { type BaseFees, ChainHead, type Head } from "./chain-head.ts";
import { EndpointHealth } from "./endpoint-health.ts";
import type { ChainEvent } from "./events.ts";
import { forkPoint } from "./fork-point.ts";
import { HeadLoop } from "./head-loop.ts";
import { rememberBefore } from "./known-before.ts";
import { LateReceipts } from "./late-receipts.ts";
import type { Arrival, MessageId } from "./messages.ts";
import { NewBlocks } from "./new-blocks.ts";
import { Recalls } from "./recalls.ts";
import { SameChain } from "./same-chain.ts";
import { Telling, type TellingOptions } from "./telling.ts";

/** What a watcher needs to know of its chain. */
export interface WatcherOptions extends TellingOptions {
  readonly rpc: Rpc;
  /** A block counts once the head is this many blocks past it. */
  readonly confirmations: number;
  /** How long a message that nobody asked for yet is remembered, in milliseconds. */
  readonly rememberFor: number;
  /** An endpoint that has not answered for this long is dead, in milliseconds. */
  readonly deadAfter: number;
}

/** Blocks read at once while catching up. */
const MOST_BLOCKS = 25;

/** Attempts at each request for a part of a block, before all of it is read anew. */
const READ_ATTEMPTS = 4;

/**
 * Follows one chain block by block. What a run waits for is registered here before it can happen: receipts by transaction
 * hash, payouts by message id. What a reorganisation takes back is told, and then watched for again.
 */
export class Watcher {
  readonly #options: WatcherOptions;
  readonly #node: Node;
  readonly #blocks: NewBlocks;
  readonly #arrivals: Arrivals;
  readonly #telling: Telling;
  readonly #recalls: Recalls;
  readonly #late: LateReceipts;
  readonly #head: ChainHead;
  readonly #atHead: AtHead;
  readonly #loop: HeadLoop;
  readonly #sameChain = new SameChain();
  #began = 0;
  /** Whether the endpoint answers. */
  readonly health: EndpointHealth;
  #next = 0;

  constructor(options: WatcherOptions) {
    const { chain, clock, bridge, rememberFor, deadAfter, log } = options;
    // One request that hangs must not hold up all blocks.
    const rpc = hedged(options.rpc, clock);
    this.#options = options;
    this.#arrivals = new Arrivals(clock, rememberFor);
    // Of hundreds of requests some fail: each is repeated by itself, as all of them together would never succeed.
    const repeated = retrying(rpc, clock, { attempts: READ_ATTEMPTS });
    this.#node = new Node(repeated, bridge.readFees);
    this.#head = new ChainHead(this.#node);
    this.#atHead = new AtHead((block) => this.#readAtHead(block));
    this.health = new EndpointHealth(clock, deadAfter);
    this.#telling = new Telling(options, this.#arrivals);
    const publish = (event: ChainEvent): void => this.#telling.publish(event);
    this.#loop = new HeadLoop({ chain, rpc, clock, health: this.health, log, publish });
    const isOwn = (hash: TxHash): boolean => this.#arrivals.isOwn(hash);
    this.#blocks = new NewBlocks({ rpc, repeated, bridge, health: this.health, isOwn });
    this.#recalls = new Recalls({
      chain,
      node: this.#node,
      blocks: this.#blocks,
      arrivals: this.#arrivals,
      telling: this.#telling,
      log,
    });
    this.#late = new LateReceipts(this.#node, this.#arrivals, bridge.awaited);
  }

  /** The newest block's figures. */
  get head(): Head {
    return this.#head.now;
  }

  /** Of the blocks read; undefined on chains without EIP-1559. */
  get baseFees(): BaseFees | undefined {
    return this.#head.baseFees;
  }

  /** The last block that was read, and told to everybody: the books are as of this block. */
  get readTo(): number {
    return this.#next - 1;
  }

  /** The block in whose state to read what is to be decided now; before the start whatever a node has. */
  get known(): BlockTag {
    return this.#next === 0 ? "latest" : this.readTo;
  }

  /** Whether another chain stands where this one stood: nothing that is waited for will be on it. */
  get isAnotherChain(): boolean {
    return this.#sameChain.isAnother;
  }

  /** The first block that was read. */
  get began(): number {
    return this.#began;
  }

  get waitingForReceipts(): number {
    return this.#arrivals.pendingReceipts;
  }

  get waitingForMessages(): number {
    return this.#arrivals.pendingMessages;
  }

  get #waiting(): number {
    return this.waitingForReceipts + this.waitingForMessages;
  }

  /**
   * Whether the chain still has the block that was read last; else a reorganisation is about to be noticed. A node that cannot
   * tell contradicts nothing.
   */
  async isCurrent(): Promise<boolean> {
    const { readTo } = this;
    const hash = this.#arrivals.hashOf(readTo);
    try {
      const now = await this.#node.block(readTo);
      return now === undefined || hash === undefined || now.hash === hash;
    } catch (error) {
      if (classifyRpcError(error) === "own mistake") throw error;
      return true;
    }
  }

  /** Begins with the block after the present head. */
  async start(): Promise<void> {
    const number = await this.#loop.newest();
    const [block] = await Promise.all([this.#node.block(number), this.#sameChain.remember(this.#node)]);
    this.#atHead.begin(number);
    await Promise.all([this.#head.read(number, block?.baseFee), this.#atHead.settled()]);
    this.#next = number + 1;
    this.#began = this.#next;
    if (block !== undefined) await rememberBefore(block, this.#arrivals, this.#node);
    this.#loop.start({ poll: () => this.#poll(), waiting: () => this.#waiting });
  }

  close(): Promise<void> {
    return this.#loop.close();
  }

  /** Registers a transaction whose receipt a subscriber takes. Must come before it is sent. */
  expect(hash: TxHash): void {
    this.#arrivals.expect(hash);
  }

  /** Registers a message that is on its way to this chain; it may be here already. */
  message(id: MessageId): Promise<Arrival> {
    return this.#arrivals.message(id);
  }

  /** Waits no longer for a transaction that will never be mined, or a message given up. */
  forget({ hash, message }: { hash?: TxHash | undefined; message?: MessageId | undefined }): void {
    if (hash !== undefined) this.#arrivals.forgetTransaction(hash);
    if (message !== undefined) this.#arrivals.forgetMessage(message);
  }

  /**
   * Reads again what a message brought with the transaction it arrived with, in a block that was read before. What was not told
   * of it is told now, and who waits for it goes on.
   *
   * @param known what was told of it with this transaction
   * @returns undefined where no node tells now
   */
  recall(hash: TxHash, message: MessageId, known: Arrival | undefined): Promise<Arrival | undefined> {
    return this.#recalls.recall(hash, message, known, () => this.readTo);
  }

  async #poll(): Promise<void> {
    const ahead = this.#isDue ? this.#blocks.askAhead(this.#next) : undefined;
    const head = await this.#loop.newest(this.head.number);
    if (head < this.readTo && (await this.#isOther())) return;
    const last = Math.min(head - this.#options.confirmations, this.#next + MOST_BLOCKS - 1);
    // A head below what was read may be a node that lags behind, or a reorganisation: its next block will tell.
    if (head <= this.head.number && last < this.#next) return;
    this.#atHead.begin(head);
    const [facts] = await Promise.all([
      last < this.#next ? [] : this.#blocks.read(this.#next, last, ahead),
      this.#head.read(head),
      this.#late.look(),
    ]);
    await this.#atHead.before(facts, head);
    for (const one of facts) {
      if (await this.#isReorganised(one)) return;
      this.#take(one);
    }
    await this.#atHead.settled();
  }

  /** Whether the next block may be there by now, and is worth being asked for together with the head. */
  get #isDue(): boolean {
    return this.#options.confirmations === 0 && this.#waiting > 0 && this.#loop.isDue;
  }

  /** Tells a block to everybody, and only then counts it as read. */
  #take(read: BlockFacts): void {
    const facts = { ...read, receipts: [...this.#late.take(read), ...read.receipts] };
    this.#head.noteBaseFee(facts.block.baseFee);
    const arrivals = this.#telling.block(facts);
    this.#next = facts.block.number + 1;
    this.#arrivals.take({ ...facts, arrivals });
  }

  /** A mistake of our own in reading what depends on the newest block must not hold up blocks. Before the start there is nobody to tell: it is thrown. */
  async #readAtHead(block: number): Promise<void> {
    try {
      await this.#options.bridge.atHead(block);
    } catch (error) {
      if (!this.#loop.isRunning || classifyRpcError(error) !== "own mistake") throw error;
      this.#telling.publish({ kind: "fault", error });
    }
  }

  /** Whether another chain seems to stand where this one stood. Of that one nothing is told. */
  async #isOther(): Promise<boolean> {
    const wasKnown = this.isAnotherChain;
    if (!(await this.#sameChain.check(this.#node))) return false;
    if (!wasKnown && this.isAnotherChain)
      this.#options.log("WARNING this is another chain: its first block is not what it was");
    return true;
  }

  /** Whether the block does not follow the one read before it; if so, goes back to where the chain forked. */
  async #isReorganised({ block }: BlockFacts): Promise<boolean> {
    const point = await forkPoint(block, this.#arrivals, this.#node);
    if (point === undefined) return false;
    // Nothing is taken back on the word of a node that is behind, or on a branch of its own.
    if (point === "unclear" || point.depth === 0 || (await this.#isOther())) return true;
    const { chain, log } = this.#options;
    const { commonBlock, depth } = point;
    log(`WARNING reorganisation of ${depth} blocks: reading again from block ${commonBlock + 1}`);
    this.#arrivals.rollBack(commonBlock, depth);
    this.#late.rollBack(commonBlock);
    this.#next = commonBlock + 1;
    this.#telling.publish({ kind: "reorganisation", chain, commonBlock, depth });
    return true;
  }
}
