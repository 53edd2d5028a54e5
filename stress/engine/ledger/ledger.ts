import type { Chain, PerChain, Publisher } from "../base/index.ts";
import type { Receipt } from "../rpc/index.ts";
import { Entries, type Entry } from "./entries.ts";
import { add, amountOf, BALANCE, type Holding, isNothing, NOTHING, subtract } from "./holding.ts";
import type { Move } from "./move.ts";

/** Causes that every chain has, and any bridge. A bridge adds its own. */
export const CAUSES = {
  payment: "payment",
  fromStrangers: "from strangers",
  crossing: "crossing",
  payout: "payout",
  gasFee: "gas fee",
} as const;

/** Money arrived at an account: who waits for some may go on. */
export interface Credited {
  readonly kind: "credited";
  readonly account: string;
  readonly chain: Chain;
}

/** Entries of a chain's accounts that are kept to find where a difference appeared (8 MB); older ones are added up. */
const ENTRIES_KEPT = 100_000;

/** One account on one chain. */
export interface Page {
  /** The state of this block is what the account was taken up with. */
  readonly takenUpAt: number;
  /** The state of this block is where the entries begin: those before are added up in `opening`. */
  openedAt: number;
  opening: Holding;
  now: Holding;
}

/**
 * The books of every wei that the run's own accounts own on both chains. It is written by what the watchers read — receipts
 * and events, block by block — and by nothing else, so that it always is as of the block that a watcher has read to, and a
 * reorganisation takes entries back. Operations ask it instead of the node.
 */
export class Ledger {
  readonly #pages: PerChain<Map<string, Page>> = { 1: new Map(), 2: new Map() };
  readonly #totals: PerChain<Map<string, Holding>> = { 1: new Map(), 2: new Map() };
  readonly #entries: PerChain<Entries> = { 1: new Entries(), 2: new Entries() };
  readonly #causes: readonly string[];
  readonly #stream: Publisher<Credited> | undefined;
  readonly #kept: number;

  /**
   * @param causes in the order in which a person reads an account; others come behind
   * @param stream told of each account that money arrived at
   * @param kept entries that are kept of a chain at least, however many can be added up
   */
  constructor(causes: readonly string[] = [], stream?: Publisher<Credited>, kept = ENTRIES_KEPT) {
    this.#causes = causes;
    this.#stream = stream;
    this.#kept = kept;
  }

  /**
   * Takes up an account as of the state of a block, or anew. What later blocks do to it is booked from here on;
   * `setOpening` tells what it had.
   */
  open(account: string, chain: Chain, openedAt: number): void {
    if (this.owns(account, chain)) this.#takeBack(chain, (_, whose) => whose === account);
    const page = { takenUpAt: openedAt, openedAt, opening: NOTHING, now: NOTHING };
    this.#pages[chain].set(account, page);
  }

  /** What an opened account had in the state of its opening block. */
  setOpening(account: string, chain: Chain, opening: Holding): void {
    const page = this.#pages[chain].get(account);
    if (page === undefined) throw new Error(`${account} was not opened on chain ${chain}`);
    page.opening = opening;
    page.now = sumOf(this.entries(account, chain), opening);
  }

  owns(account: string, chain: Chain): boolean {
    return this.#pages[chain].has(account);
  }

  accounts(chain: Chain): readonly string[] {
    return [...this.#pages[chain].keys()];
  }

  /** Accounts whose opening is of a later block than this. */
  openedAfter(chain: Chain, block: number): readonly string[] {
    return [...this.#pages[chain]].filter(([, { openedAt }]) => openedAt > block).map(([account]) => account);
  }

  /** Wei in its own hands. */
  balance(account: string, chain: Chain): bigint {
    return this.amount(account, chain, BALANCE);
  }

  /** What the books say an account has of an asset, in smallest units. */
  amount(account: string, chain: Chain, asset: string): bigint {
    return amountOf(this.holding(account, chain), asset);
  }

  holding(account: string, chain: Chain): Holding {
    return this.#pages[chain].get(account)?.now ?? NOTHING;
  }

  /** What the books know of an account: the block they begin after, what it had then, and what came since. */
  page(account: string, chain: Chain): Readonly<Page> | undefined {
    return this.#pages[chain].get(account);
  }

  /** What is kept of what came since, in the order in which it was booked. */
  entries(account: string, chain: Chain): Entry[] {
    return [...this.#entries[chain].of(account)];
  }

  /** What the books say an account had in the state of a block, from its opening on. */
  bookedAt(account: string, chain: Chain, block: number): Holding {
    const upTo = this.entries(account, chain).filter((entry) => entry.block <= block);
    return sumOf(upTo, this.page(account, chain)?.opening ?? NOTHING);
  }

  /** What all accounts had on a chain when they were opened. */
  openings(chain: Chain): Holding {
    const totals = [...this.#totals[chain].values()].reduce(add, NOTHING);
    return [...this.#pages[chain].values()].reduce(
      (all, { now }) => add(all, now),
      subtract(NOTHING, totals),
    );
  }

  /** What each cause did to all accounts together since they were opened, in the order in which they are read. */
  totals(chain: Chain): ReadonlyMap<string, Holding> {
    const totals = this.#totals[chain];
    const others = [...totals.keys()].filter((cause) => !this.#causes.includes(cause));
    return new Map(
      [...this.#causes, ...others].flatMap((cause) => {
        const total = totals.get(cause);
        return total === undefined || isNothing(total) ? [] : [[cause, total] as const];
      }),
    );
  }

  /** Books a mined transaction of an account: its fees always, what it moves only where it succeeded. */
  book(account: string, chain: Chain, receipt: Receipt, moves: readonly Move[]): void {
    const { gasFee, fees, blockNumber: block, hash } = receipt;
    const lines: Move[] = [
      { asset: BALANCE, amount: -gasFee, cause: CAUSES.gasFee },
      ...fees.map(({ cause, wei }) => ({ asset: BALANCE, amount: -wei, cause })),
      ...(receipt.succeeded ? moves : []),
    ];
    for (const { account: whose = account, asset, amount, cause } of lines)
      this.add(whose, chain, { asset, amount, block, hash, cause });
  }

  /** Books one line; those of accounts that are none of ours are passed over. */
  add(account: string, chain: Chain, entry: Entry): void {
    const page = this.#pages[chain].get(account);
    if (page === undefined) return;
    page.now = plus(page.now, entry);
    // It may have been noticed late.
    if (entry.block <= page.openedAt) page.opening = plus(page.opening, entry);
    else this.#entries[chain].add(account, entry);
    this.#sum(chain, entry);
    if (entry.asset === BALANCE && entry.amount > 0n)
      this.#stream?.publish({ kind: "credited", account, chain });
  }

  /** Takes back what was booked of blocks that are no longer part of the chain. */
  rollBack(chain: Chain, commonBlock: number): void {
    this.#takeBack(chain, (block) => block > commonBlock);
  }

  /**
   * Adds up the older half of a chain's entries where there are more than memory is meant for, whole blocks only: what they held is
   * no longer told apart.
   *
   * @param upTo the last block that no reorganisation takes back any more
   */
  addUp(chain: Chain, upTo: number): void {
    const entries = this.#entries[chain];
    const most = entries.count - this.#kept;
    if (most <= this.#kept) return;
    const older = entries.upTo(upTo, most);
    // All accounts are gone through: not for the few entries of one block.
    if (older === undefined || older.count < this.#kept / 2) return;
    const pages = this.#pages[chain];
    entries.remove(
      (block) => block <= older.boundary,
      (account, entry) => {
        const page = pages.get(account);
        if (page !== undefined) page.opening = plus(page.opening, entry);
      },
    );
    for (const page of pages.values()) if (page.openedAt < older.boundary) page.openedAt = older.boundary;
  }

  #takeBack(chain: Chain, isGone: (block: number, account: string) => boolean): void {
    this.#entries[chain].remove(isGone, (account, entry) => {
      const back = { ...entry, amount: -entry.amount };
      const page = this.#pages[chain].get(account);
      if (page !== undefined) page.now = plus(page.now, back);
      this.#sum(chain, back);
    });
  }

  #sum(chain: Chain, entry: Entry): void {
    const totals = this.#totals[chain];
    totals.set(entry.cause, plus(totals.get(entry.cause) ?? NOTHING, entry));
  }
}

const sumOf = (entries: readonly Entry[], opening: Holding): Holding => entries.reduce(plus, opening);

/** A holding is handed out: it stays as it is, and this is another one. */
const plus = (holding: Holding, { asset, amount }: Entry): Holding => ({
  ...holding,
  [asset]: amountOf(holding, asset) + amount,
});
