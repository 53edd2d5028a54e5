import type { Chain, PerChain, Publisher } from "../base/index.ts";
import type { Receipt, TxHash } from "../rpc/index.ts";
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

/** One line of the books: what one block did to one account. */
export interface Entry {
  readonly amounts: Holding;
  readonly block: number;
  readonly hash: TxHash;
  readonly cause: string;
}

/** Entries of a chain's accounts that are kept to find where a difference appeared (15 MB); older ones are added up. */
const ENTRIES_KEPT = 100_000;

/** One account on one chain. */
export interface Page {
  /** The state of this block is what the account was taken up with. */
  readonly takenUpAt: number;
  /** The state of this block is where the entries begin: those before are added up in `opening`. */
  openedAt: number;
  opening: Holding;
  now: Holding;
  entries: Entry[];
}

/**
 * The books of every wei that the run's own accounts own on both chains. It is written by what the watchers read — receipts
 * and events, block by block — and by nothing else, so that it always is as of the block that a watcher has read to, and a
 * reorganisation takes entries back. Operations ask it instead of the node.
 */
export class Ledger {
  readonly #pages: PerChain<Map<string, Page>> = { 1: new Map(), 2: new Map() };
  readonly #totals: PerChain<Map<string, Holding>> = { 1: new Map(), 2: new Map() };
  /** How many entries are of each block. */
  readonly #entriesOf: PerChain<Map<number, number>> = { 1: new Map(), 2: new Map() };
  readonly #entries: Record<Chain, number> = { 1: 0, 2: 0 };
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
    for (const entry of this.#pages[chain].get(account)?.entries ?? []) this.#uncount(chain, entry);
    const page = { takenUpAt: openedAt, openedAt, opening: NOTHING, now: NOTHING, entries: [] };
    this.#pages[chain].set(account, page);
  }

  /** What an opened account had in the state of its opening block. */
  setOpening(account: string, chain: Chain, opening: Holding): void {
    const page = this.#pages[chain].get(account);
    if (page === undefined) throw new Error(`${account} was not opened on chain ${chain}`);
    page.opening = opening;
    page.now = sumOf(page.entries, opening);
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
      this.add(whose, chain, { amounts: { [asset]: amount }, block, hash, cause });
  }

  /** Books one line; those of accounts that are none of ours are passed over. */
  add(account: string, chain: Chain, entry: Entry): void {
    const page = this.#pages[chain].get(account);
    if (page === undefined) return;
    page.now = add(page.now, entry.amounts);
    // It may have been noticed late.
    if (entry.block <= page.openedAt) page.opening = add(page.opening, entry.amounts);
    else {
      page.entries.push(entry);
      this.#keep(chain, entry.block, 1);
    }
    this.#sum(chain, entry);
    if (amountOf(entry.amounts, BALANCE) > 0n) this.#stream?.publish({ kind: "credited", account, chain });
  }

  /** Takes back what was booked of blocks that are no longer part of the chain. */
  rollBack(chain: Chain, commonBlock: number): void {
    for (const page of this.#pages[chain].values()) {
      const gone = page.entries.filter(({ block }) => block > commonBlock);
      page.entries = page.entries.filter(({ block }) => block <= commonBlock);
      for (const entry of gone) {
        page.now = subtract(page.now, entry.amounts);
        this.#uncount(chain, entry);
      }
    }
  }

  /**
   * Adds up the older half of a chain's entries where there are more than memory is meant for, whole blocks only: what they held is
   * no longer told apart.
   *
   * @param upTo the last block that no reorganisation takes back any more
   */
  addUp(chain: Chain, upTo: number): void {
    const most = this.#entries[chain] - this.#kept;
    if (most <= this.#kept) return;
    const counts = this.#entriesOf[chain];
    const blocks: number[] = [];
    let entries = 0;
    for (const block of [...counts.keys()].filter((one) => one <= upTo).sort((a, b) => a - b)) {
      if (entries >= most) break;
      entries += counts.get(block) ?? 0;
      blocks.push(block);
    }
    const boundary = blocks.at(-1);
    // All accounts are gone through: not for the few entries of one block.
    if (boundary === undefined || entries < this.#kept / 2) return;
    for (const block of blocks) counts.delete(block);
    this.#entries[chain] -= entries;
    for (const page of this.#pages[chain].values()) addUpTo(page, boundary);
  }

  #uncount(chain: Chain, entry: Entry): void {
    this.#keep(chain, entry.block, -1);
    this.#sum(chain, { ...entry, amounts: subtract(NOTHING, entry.amounts) });
  }

  #keep(chain: Chain, block: number, by: 1 | -1): void {
    this.#entries[chain] += by;
    const count = (this.#entriesOf[chain].get(block) ?? 0) + by;
    if (count > 0) this.#entriesOf[chain].set(block, count);
    else this.#entriesOf[chain].delete(block);
  }

  #sum(chain: Chain, { cause, amounts }: Entry): void {
    this.#totals[chain].set(cause, add(this.#totals[chain].get(cause) ?? NOTHING, amounts));
  }
}

const sumOf = (entries: readonly Entry[], opening: Holding): Holding =>
  entries.reduce((sum, { amounts }) => add(sum, amounts), opening);

/** Adds an account's entries of blocks up to this one up. */
function addUpTo(page: Page, block: number): void {
  if (block <= page.openedAt) return;
  const older = page.entries.filter((entry) => entry.block <= block);
  if (older.length > 0) page.entries = page.entries.filter((entry) => entry.block > block);
  page.opening = sumOf(older, page.opening);
  page.openedAt = block;
}

/** What the books say an account had in the state of a block, from its opening on. */
export function bookedAt({ opening, entries }: Readonly<Page>, block: number): Holding {
  return sumOf(
    entries.filter((entry) => entry.block <= block),
    opening,
  );
}
