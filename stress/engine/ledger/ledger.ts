import type { Chain, PerChain } from "../base/chain.ts";
import type { Receipt, TxHash } from "../rpc/receipt.ts";
import { add, type Holding, NOTHING, subtract } from "./holding.ts";
import type { Movement } from "./movement.ts";

/** Why an account has more or less than before. */
export type Cause =
  | "gas fee"
  | "L1 data fee"
  | "payment"
  | "stake"
  | "reward"
  | "crossing"
  | "payout"
  | "from strangers"
  | "exit fee";

/** One line of the books: what one block did to one account. */
export interface Entry extends Holding {
  readonly block: number;
  readonly hash: TxHash;
  readonly cause: Cause;
}

/** Entries of an account that are kept to find where a difference appeared; older ones are added up. */
const ENTRIES_KEPT = 2000;

/** One account on one chain. */
export interface Page {
  /** The state of this block is where the entries begin. */
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
  readonly #totals: PerChain<Map<Cause, Holding>> = { 1: new Map(), 2: new Map() };
  /** Told of each account that money arrived at: an idle child comes back. */
  onCredit: (account: string, chain: Chain) => void = () => undefined;

  /**
   * Takes up an account as of the state of a block, or anew. What later blocks do to it is booked from here on;
   * `setOpening` tells what it had.
   */
  open(account: string, chain: Chain, openedAt: number): void {
    for (const entry of this.#pages[chain].get(account)?.entries ?? []) this.#uncount(chain, entry);
    this.#pages[chain].set(account, { openedAt, opening: NOTHING, now: NOTHING, entries: [] });
  }

  /** What an opened account had in the state of its opening block. */
  setOpening(account: string, chain: Chain, opening: Holding): void {
    const page = this.#pages[chain].get(account);
    if (page === undefined) throw new Error(`${account} was not opened on chain ${chain}`);
    page.opening = opening;
    page.now = page.entries.reduce<Holding>(add, opening);
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

  balance(account: string, chain: Chain): bigint {
    return this.holding(account, chain).balance;
  }

  /** What the account has in the chain's liquidity pool. */
  stake(account: string, chain: Chain): bigint {
    return this.holding(account, chain).stake;
  }

  /** What the account has of the token that exit fees are paid in. */
  tokens(account: string): bigint {
    return this.holding(account, 2).tokens;
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

  /** What each cause did to all accounts together since they were opened. */
  totals(chain: Chain): ReadonlyMap<Cause, Holding> {
    return this.#totals[chain];
  }

  /** Books a mined transaction of an account: its fees always, what it moves only where it succeeded. */
  book(account: string, chain: Chain, receipt: Receipt, movement: Movement): void {
    const { gasFee, l1Fee, blockNumber: block, hash } = receipt;
    const line = (who: string, cause: Cause, what: Partial<Holding>): void =>
      this.add(who, chain, { ...NOTHING, ...what, block, hash, cause });
    line(account, "gas fee", { balance: -gasFee });
    if (l1Fee > 0n) line(account, "L1 data fee", { balance: -l1Fee });
    if (!receipt.succeeded) return;
    switch (movement.kind) {
      case "payment":
        line(account, "payment", { balance: -movement.amount });
        line(movement.to, "payment", { balance: movement.amount });
        return;
      case "stake":
        line(account, "stake", { balance: -movement.amount, stake: movement.amount });
        return;
      case "unstake":
        line(account, "stake", { stake: -movement.amount });
        line(movement.to, "stake", { balance: movement.amount });
        return;
      case "reward":
        line(movement.to, "reward", { balance: movement.amount });
        return;
      case "crossing":
        line(account, "crossing", { balance: -movement.amount });
        if (movement.exitFee !== undefined) line(account, "exit fee", { tokens: -movement.exitFee });
        return;
      case "tokens":
        line(account, "payment", { tokens: -movement.amount });
        line(movement.to, "payment", { tokens: movement.amount });
        return;
      case "nothing":
        return;
    }
  }

  /** Books one line; those of accounts that are none of ours are passed over. */
  add(account: string, chain: Chain, entry: Entry): void {
    const page = this.#pages[chain].get(account);
    if (page === undefined) return;
    page.entries.push(entry);
    page.now = add(page.now, entry);
    this.#count(chain, entry);
    if (page.entries.length > ENTRIES_KEPT) addUp(page);
    if (entry.balance > 0n) this.onCredit(account, chain);
  }

  /** Takes back what was booked of blocks that are no longer part of the chain. */
  takeBack(chain: Chain, commonBlock: number): void {
    for (const page of this.#pages[chain].values()) {
      const gone = page.entries.filter(({ block }) => block > commonBlock);
      page.entries = page.entries.filter(({ block }) => block <= commonBlock);
      for (const entry of gone) {
        page.now = subtract(page.now, entry);
        this.#uncount(chain, entry);
      }
    }
  }

  #uncount(chain: Chain, entry: Entry): void {
    this.#count(chain, { ...entry, ...subtract(NOTHING, entry) });
  }

  #count(chain: Chain, { cause, balance, stake, tokens }: Entry): void {
    const before = this.#totals[chain].get(cause) ?? NOTHING;
    this.#totals[chain].set(cause, add(before, { balance, stake, tokens }));
  }
}

/** Adds the older half of an account's entries up, whole blocks only: what they held is no longer told apart. */
function addUp(page: Page): void {
  const boundary = page.entries[ENTRIES_KEPT / 2]?.block ?? 0;
  const older = page.entries.filter(({ block }) => block < boundary);
  page.entries = page.entries.filter(({ block }) => block >= boundary);
  page.opening = older.reduce<Holding>(add, page.opening);
  if (older.length > 0) page.openedAt = boundary - 1;
}

/** What the books say an account had in the state of a block, from its opening on. */
export function bookedAt({ opening, entries }: Readonly<Page>, block: number): Holding {
  return entries.filter((entry) => entry.block <= block).reduce<Holding>(add, opening);
}
