import { setTimeout as sleep } from "node:timers/promises";
import { BURIED } from "../chain/arrivals.ts";
import { CHAINS, type Chain, type PerChain } from "../base/chain.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Receipt, TxHash } from "../rpc/receipt.ts";
import type { SentTransaction, SignedVersion } from "./sent-transaction.ts";
import type { Reorganisation, WatchedBlock, Watcher } from "../chain/watcher.ts";

/** A listener to what happens to the run's own transactions. */
export interface TransactionListener {
  mined?(transaction: SentTransaction, receipt: Receipt): void;
  takenBack?(transaction: SentTransaction): void;
}

const POLL_MS = 50;

/**
 * Every transaction of the run's own that is not yet buried, on both chains. It books them in the ledger as the watchers
 * read them, and takes them back with the blocks they were in. It forgets what is buried: it does not grow with the run.
 */
export class Transactions {
  readonly #watchers: PerChain<Watcher>;
  readonly #ledger: Ledger;
  readonly #versions = new Map<TxHash, { transaction: SentTransaction; version: SignedVersion }>();
  readonly #waiting: PerChain<Set<SentTransaction>> = { 1: new Set(), 2: new Set() };
  readonly #waitingOf = new Map<string, number>();
  readonly #minedIn: PerChain<Map<number, SentTransaction[]>> = { 1: new Map(), 2: new Map() };
  readonly #listeners: TransactionListener[] = [];
  /** Transactions that reorganisations took back. */
  readonly takenBack = { 1: 0, 2: 0 };

  constructor(watchers: PerChain<Watcher>, ledger: Ledger) {
    this.#watchers = watchers;
    this.#ledger = ledger;
    for (const chain of CHAINS) {
      watchers[chain].onBlock((block) => this.#take(chain, block));
      watchers[chain].onReorganisation((reorganisation) => this.#goBack(reorganisation));
    }
  }

  listen(listener: TransactionListener): void {
    this.#listeners.push(listener);
  }

  /** Takes up a version of a transaction: to be done before it is sent. */
  register(transaction: SentTransaction, version: SignedVersion): void {
    this.#watchers[transaction.chain].expect(version.hash);
    this.#versions.set(version.hash, { transaction, version });
    this.#wait(transaction);
  }

  /** Takes back a version that no node took. */
  withdraw(transaction: SentTransaction, version: SignedVersion): void {
    transaction.versions.splice(transaction.versions.indexOf(version), 1);
    this.#versions.delete(version.hash);
    this.#watchers[transaction.chain].forget({ hash: version.hash });
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

  /** Transactions of a chain that are sent and not mined, oldest first. */
  waiting(chain: Chain): readonly SentTransaction[] {
    return [...this.#waiting[chain]];
  }

  /** The run's own transaction with this hash, as long as it is not buried. */
  find(hash: TxHash): SentTransaction | undefined {
    return this.#versions.get(hash)?.transaction;
  }

  /** Whether an account has a transaction that is sent and not mined. */
  isWaiting(account: string): boolean {
    return (this.#waitingOf.get(account) ?? 0) > 0;
  }

  /**
   * Waits until no transaction of these accounts is open any more, as far as that takes no longer than this.
   *
   * @returns whether all are mined
   */
  async settled(accounts: readonly string[], patienceMs: number): Promise<boolean> {
    const until = performance.now() + patienceMs;
    while (accounts.some((account) => this.isWaiting(account))) {
      const isDead = CHAINS.some((chain) => this.#watchers[chain].health.deadFor !== undefined);
      if (isDead || performance.now() > until) return false;
      await sleep(POLL_MS);
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
    if (!this.#waiting[transaction.chain].delete(transaction)) return;
    const { address } = transaction.account;
    const left = (this.#waitingOf.get(address) ?? 0) - 1;
    if (left > 0) this.#waitingOf.set(address, left);
    else this.#waitingOf.delete(address);
  }

  #take(chain: Chain, { block, receipts }: WatchedBlock): void {
    const mined: SentTransaction[] = [];
    for (const receipt of receipts) {
      const found = this.#versions.get(receipt.hash);
      if (found === undefined) continue;
      const { transaction, version } = found;
      this.#waitNoLonger(transaction);
      this.#ledger.book(transaction.account.address, chain, receipt, version.plan.movement);
      transaction.becameMined(receipt);
      for (const listener of this.#listeners) listener.mined?.(transaction, receipt);
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

  #goBack({ chain, commonBlock }: Reorganisation): void {
    this.#ledger.takeBack(chain, commonBlock);
    for (const [number, transactions] of this.#minedIn[chain]) {
      if (number <= commonBlock) continue;
      this.#minedIn[chain].delete(number);
      for (const transaction of transactions) {
        this.takenBack[chain]++;
        this.#wait(transaction);
        transaction.wasTakenBack();
        for (const listener of this.#listeners) listener.takenBack?.(transaction);
      }
    }
  }
}
