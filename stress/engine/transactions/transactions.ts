import { CHAINS, type Chain, type Clock, type PerChain, type Publisher, type Source } from "../base/index.ts";
import {
  type BlockRead,
  BURIED,
  type ChainEvent,
  type Reorganisation,
  type Watcher,
} from "../chain/index.ts";
import type { TxHash } from "../rpc/index.ts";
import type { TransactionEvent } from "./events.ts";
import { Outlays } from "./outlays.ts";
import type { SentTransaction, SignedVersion } from "./sent-transaction.ts";
import { SharedReceipts } from "./shared-receipts.ts";

const POLL_MS = 50;

/**
 * Every transaction of the run's own that is not yet buried, on both chains: it tells when one is mined, and when one is
 * taken back with the block it was in. It forgets what is buried: it does not grow with the run.
 */
export class Transactions {
  readonly #watchers: PerChain<Watcher>;
  readonly #stream: Publisher<TransactionEvent>;
  readonly #clock: Clock;
  readonly #versions = new Map<TxHash, SentTransaction>();
  readonly #waiting: PerChain<Set<SentTransaction>> = { 1: new Set(), 2: new Set() };
  readonly #waitingOf = new Map<string, number>();
  readonly #outlays = new Outlays();
  readonly #receipts = new SharedReceipts();
  /** What a reorganisation took back, and is not mined again. */
  readonly #takenBack: PerChain<Set<SentTransaction>> = { 1: new Set(), 2: new Set() };
  readonly #minedIn: PerChain<Map<number, SentTransaction[]>> = { 1: new Map(), 2: new Map() };

  constructor(
    watchers: PerChain<Watcher>,
    stream: Source<ChainEvent> & Publisher<TransactionEvent>,
    clock: Clock,
  ) {
    this.#watchers = watchers;
    this.#stream = stream;
    this.#clock = clock;
    stream.subscribe("transactions", {
      block: (block) => this.#take(block),
      reorganisation: (reorganisation) => this.#rollBack(reorganisation),
    });
  }

  /** Takes up a version of a transaction: to be done before it is sent. */
  register(transaction: SentTransaction, version: SignedVersion): void {
    this.#watchers[transaction.chain].expect(version.hash);
    this.#versions.set(version.hash, transaction);
    this.#wait(transaction);
    // Another version of it may take more.
    this.#outlays.set(transaction, version);
  }

  /**
   * Goes on with the versions before one that a node refused. A refusal may come from a node that has it, or has passed it on: should
   * it be mined all the same, it is booked.
   */
  setAside(transaction: SentTransaction, refused: SignedVersion): void {
    const { versions } = transaction;
    versions.unshift(...versions.splice(versions.indexOf(refused), 1));
  }

  /** Waits no longer for a transaction that was sent. Should it be mined all the same, it is booked. */
  giveUp(transaction: SentTransaction): void {
    this.#waitNoLonger(transaction);
  }

  /** Forgets a transaction that no node has: it was refused as soon as it was sent. */
  drop(transaction: SentTransaction): void {
    this.#waitNoLonger(transaction);
    for (const { hash } of transaction.versions) {
      this.#watchers[transaction.chain].forget({ hash });
      this.#versions.delete(hash);
    }
  }

  /** Whether a transaction is sent, and not mined. */
  has(transaction: SentTransaction): boolean {
    return this.#waiting[transaction.chain].has(transaction);
  }

  /** How many transactions of a chain are sent and not mined. */
  count(chain: Chain): number {
    return this.#waiting[chain].size;
  }

  /** Transactions of a chain that are sent and not mined, oldest first. */
  waiting(chain: Chain): readonly SentTransaction[] {
    return [...this.#waiting[chain]];
  }

  /** Transactions of a chain that were sent and, as far as is known, are not mined: those given up included. */
  unmined(chain: Chain): readonly SentTransaction[] {
    const all = new Set(this.#versions.values());
    return [...all].filter((one) => one.chain === chain && one.state.at !== "mined");
  }

  /** Whether an account has a transaction that is sent and not mined. */
  isWaiting(account: string): boolean {
    return (this.#waitingOf.get(account) ?? 0) > 0;
  }

  /** Wei that an account's transactions that are sent and not mined may take on a chain, what is charged for their data left out. */
  outlay(account: string, chain: Chain): bigint {
    return this.#outlays.of(account, chain);
  }

  /** Whether a reorganisation took back a transaction of an account, and it is not mined again. */
  isTakenBack(account: string): boolean {
    return CHAINS.some((chain) => {
      for (const { account: own } of this.#takenBack[chain]) if (own.address === account) return true;
      return false;
    });
  }

  /**
   * Waits until no transaction of these accounts is open any more, as far as that takes no longer than this.
   *
   * @returns whether all are mined
   */
  settled(accounts: readonly string[], patienceMs: number): Promise<boolean> {
    return this.#untilNot(() => accounts.some((account) => this.isWaiting(account)), patienceMs);
  }

  /**
   * Waits until all that a reorganisation of a chain took back, whoever sent it, is mined again, as far as that takes no longer than this:
   * what others paid to an account was taken back, too.
   *
   * @returns whether all is
   */
  minedAgain(chain: Chain, patienceMs: number): Promise<boolean> {
    return this.#untilNot(() => this.#takenBack[chain].size > 0, patienceMs);
  }

  async #untilNot(isOpen: () => boolean, patienceMs: number): Promise<boolean> {
    const until = this.#clock.now() + patienceMs;
    while (isOpen()) {
      const isDead = CHAINS.some((chain) => this.#watchers[chain].health.deadFor !== undefined);
      if (isDead || this.#clock.now() > until) return false;
      await this.#clock.sleep(POLL_MS);
    }
    return true;
  }

  #wait(transaction: SentTransaction): void {
    const waiting = this.#waiting[transaction.chain];
    if (waiting.has(transaction)) return;
    waiting.add(transaction);
    const { address } = transaction.account;
    this.#waitingOf.set(address, (this.#waitingOf.get(address) ?? 0) + 1);
  }

  #waitNoLonger(transaction: SentTransaction): void {
    this.#takenBack[transaction.chain].delete(transaction);
    if (!this.#waiting[transaction.chain].delete(transaction)) return;
    this.#outlays.delete(transaction);
    const { address } = transaction.account;
    const left = (this.#waitingOf.get(address) ?? 0) - 1;
    if (left > 0) this.#waitingOf.set(address, left);
    else this.#waitingOf.delete(address);
  }

  #take({ chain, block, receipts }: BlockRead): void {
    const mined: SentTransaction[] = [];
    for (const read of receipts) {
      const transaction = this.#versions.get(read.hash);
      if (transaction === undefined) continue;
      const receipt = this.#receipts.share(read, transaction, block.hash);
      this.#waitNoLonger(transaction);
      const again = transaction.becameMined(receipt);
      this.#stream.publish({ kind: "mined", transaction, receipt, again });
      mined.push(transaction);
    }
    if (mined.length > 0) this.#minedIn[chain].set(block.number, mined);
    this.#bury(chain, block.number - BURIED);
  }

  #bury(chain: Chain, number: number): void {
    for (const { versions } of this.#minedIn[chain].get(number) ?? []) {
      for (const { hash } of versions) {
        this.#versions.delete(hash);
        this.#watchers[chain].forget({ hash });
      }
    }
    this.#minedIn[chain].delete(number);
  }

  #rollBack({ chain, commonBlock }: Reorganisation): void {
    for (const [number, transactions] of this.#minedIn[chain]) {
      if (number <= commonBlock) continue;
      this.#minedIn[chain].delete(number);
      for (const transaction of transactions) {
        this.#wait(transaction);
        const version = transaction.versions.at(-1);
        if (version !== undefined) this.#outlays.set(transaction, version);
        this.#takenBack[chain].add(transaction);
        const receipt = transaction.wasTakenBack();
        if (receipt !== undefined) this.#stream.publish({ kind: "taken back", transaction, receipt });
      }
    }
  }
}
