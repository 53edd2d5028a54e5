import type { Taken } from "./block.ts";

/** Asks the chain that stands behind: contracts, and what accounts had before. */
export type Upstream = (method: string, params: readonly unknown[]) => Promise<unknown>;

export interface Account {
  /** Transactions that were taken, mined or not. */
  taken: number;
  /** Wei that what was taken leaves. */
  free: bigint;
  /** What came before those with lower nonces. */
  readonly ahead: Map<number, Taken>;
  /** What it had from each block on in which that changed, the last one last. */
  readonly balances: { readonly block: number; readonly wei: bigint; readonly nonce: number }[];
}

/** Who has what on a null chain: at first what the chain behind it says. */
export class Accounts {
  readonly #upstream: Upstream;
  readonly #known = new Map<string, Account>();
  readonly #opening = new Map<string, Promise<Account>>();

  constructor(upstream: Upstream) {
    this.#upstream = upstream;
  }

  /** One that was opened, by its address in lower case. */
  known(address: string): Account | undefined {
    return this.#known.get(address);
  }

  open(address: string): Promise<Account> | Account {
    const key = address.toLowerCase();
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    let opening = this.#opening.get(key);
    if (opening === undefined) {
      opening = this.#open(key);
      this.#opening.set(key, opening);
    }
    return opening;
  }

  /** What it had in the state of a block. Wei. */
  async at(address: string, block: number): Promise<{ readonly wei: bigint; readonly nonce: number }> {
    const { balances } = await this.open(address);
    return balances.findLast((one) => one.block <= block) ?? { wei: 0n, nonce: 0 };
  }

  /** Takes a transfer in a block from who sent it, and gives it to its receiver. */
  move({ from, to, value, fee, nonce }: Taken, block: number): void {
    this.#change(from, block, -(value + fee), nonce + 1);
    this.#change(to, block, value);
    const receiver = this.#known.get(to);
    if (receiver !== undefined) receiver.free += value;
  }

  async #open(address: string): Promise<Account> {
    const [wei, nonce] = await Promise.all([
      this.#upstream("eth_getBalance", [address, "latest"]),
      this.#upstream("eth_getTransactionCount", [address, "latest"]),
    ]);
    const had = { block: 0, wei: BigInt(String(wei)), nonce: Number(nonce) };
    const account: Account = { taken: had.nonce, free: had.wei, ahead: new Map(), balances: [had] };
    this.#known.set(address, account);
    return account;
  }

  #change(address: string, block: number, by: bigint, nonce?: number): void {
    const balances = this.#known.get(address)?.balances;
    const last = balances?.at(-1);
    if (balances === undefined || last === undefined) return;
    const now = { block, wei: last.wei + by, nonce: nonce ?? last.nonce };
    if (last.block === block) balances[balances.length - 1] = now;
    else balances.push(now);
  }
}
