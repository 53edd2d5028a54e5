import type { TxHash } from "../rpc/index.ts";
import type { Move } from "./move.ts";

/** One line of the books: what one transaction of a block did to one account. Smallest units of the asset. */
export interface Entry extends Pick<Move, "asset" | "amount" | "cause"> {
  readonly block: number;
  readonly hash: TxHash;
}

const HASH_BYTES = 32;

/** Amounts of the column are below this, and not below its negative. */
const ROOM = 2n ** 63n;

/** Rows that there is room for at first; it is doubled where it does not suffice. */
const FIRST_ROWS = 1024;

/**
 * Entries of one chain's accounts, in the order in which they were booked. They are kept in columns: a busy run has some for each
 * operation, and as objects they would take three times the memory, and most of a garbage collector's time.
 */
export class Entries {
  readonly #accounts = new Names();
  readonly #causes = new Names();
  readonly #assets = new Names();
  #columns = columnsOf(FIRST_ROWS);
  /** Amounts that have no room in their column, by row: more than 9.2 ETH, say. */
  readonly #large = new Map<number, bigint>();
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(account: string, { asset, amount, block, hash, cause }: Entry): void {
    const row = this.#count++;
    if (row === this.#columns.blocks.length) this.#columns = doubled(this.#columns);
    const { accounts, causes, assets, blocks, hashes } = this.#columns;
    this.#setAmount(row, amount);
    accounts[row] = this.#accounts.idOf(account);
    causes[row] = this.#causes.idOf(cause);
    assets[row] = this.#assets.idOf(asset);
    blocks[row] = block;
    hashes.write(hash.slice(2), HASH_BYTES * row, "hex");
  }

  /** Those of one account. */
  *of(account: string): Generator<Entry> {
    const id = this.#accounts.known(account);
    if (id === undefined) return;
    const { accounts } = this.#columns;
    for (let row = 0; row < this.count; row++) if (accounts[row] === id) yield this.#at(row);
  }

  /** How many are of blocks up to this one, and the last of these blocks that has so many together with those before it. */
  upTo(block: number, wanted: number): { readonly count: number; readonly boundary: number } | undefined {
    const older = this.#columns.blocks.subarray(0, this.count).filter((one) => one <= block);
    older.sort();
    const last = older.at(Math.min(wanted, older.length) - 1);
    if (last === undefined) return undefined;
    // Whole blocks only.
    const behind = older.findIndex((one) => one > last);
    return { count: behind < 0 ? older.length : behind, boundary: last };
  }

  /** Takes out those of such blocks or accounts, and tells each. */
  remove(
    isGone: (block: number, account: string) => boolean,
    told: (account: string, entry: Entry) => void,
  ): void {
    const { accounts, blocks } = this.#columns;
    let kept = 0;
    for (let row = 0; row < this.count; row++) {
      const account = this.#accounts.nameOf(accounts[row]);
      if (isGone(blocks[row] ?? 0, account)) told(account, this.#at(row));
      else this.#move(row, kept++);
    }
    for (let row = kept; row < this.count; row++) this.#large.delete(row);
    this.#count = kept;
  }

  #amountAt(row: number): bigint {
    return this.#large.get(row) ?? this.#columns.amounts[row] ?? 0n;
  }

  #setAmount(row: number, amount: bigint): void {
    this.#columns.amounts[row] = amount;
    if (amount >= -ROOM && amount < ROOM) this.#large.delete(row);
    else this.#large.set(row, amount);
  }

  #move(from: number, to: number): void {
    if (from === to) return;
    const { accounts, causes, assets, blocks, hashes } = this.#columns;
    for (const column of [accounts, causes, assets, blocks]) column[to] = column[from] ?? 0;
    this.#setAmount(to, this.#amountAt(from));
    hashes.copyWithin(HASH_BYTES * to, HASH_BYTES * from, HASH_BYTES * (from + 1));
  }

  #at(row: number): Entry {
    const { causes, assets, blocks, hashes } = this.#columns;
    return {
      asset: this.#assets.nameOf(assets[row]),
      amount: this.#amountAt(row),
      block: blocks[row] ?? 0,
      hash: `0x${hashes.toString("hex", HASH_BYTES * row, HASH_BYTES * (row + 1))}` as TxHash,
      cause: this.#causes.nameOf(causes[row]),
    };
  }
}

/** Row by row: numbers of names, amounts modulo 2^64, block numbers, and 32 bytes of each hash. */
interface Columns {
  readonly accounts: Uint32Array;
  readonly causes: Uint16Array;
  readonly assets: Uint16Array;
  readonly amounts: BigInt64Array;
  readonly blocks: Float64Array;
  readonly hashes: Buffer;
}

const columnsOf = (rows: number): Columns => ({
  accounts: new Uint32Array(rows),
  causes: new Uint16Array(rows),
  assets: new Uint16Array(rows),
  amounts: new BigInt64Array(rows),
  blocks: new Float64Array(rows),
  hashes: Buffer.alloc(HASH_BYTES * rows),
});

function doubled(columns: Columns): Columns {
  const larger = columnsOf(2 * columns.blocks.length);
  larger.accounts.set(columns.accounts);
  larger.causes.set(columns.causes);
  larger.assets.set(columns.assets);
  larger.amounts.set(columns.amounts);
  larger.blocks.set(columns.blocks);
  larger.hashes.set(columns.hashes);
  return larger;
}

/** Names that occur again and again, by number. */
class Names {
  readonly #ids = new Map<string, number>();
  readonly #names: string[] = [];

  idOf(name: string): number {
    const known = this.#ids.get(name);
    if (known !== undefined) return known;
    const id = this.#names.push(name) - 1;
    this.#ids.set(name, id);
    return id;
  }

  known(name: string): number | undefined {
    return this.#ids.get(name);
  }

  nameOf(id: number | undefined): string {
    const name = id === undefined ? undefined : this.#names[id];
    if (name === undefined) throw new Error(`no name has the number ${id}`);
    return name;
  }
}
