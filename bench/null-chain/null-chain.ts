import { toQuantity } from "ethers";
import { readFeeMarket } from "../../fixtures/local-stack/sent-transaction.ts";
import { bytesOf, keccak } from "../../stress/engine/base/index.ts";

/** Asks the chain that stands behind: contracts, and what accounts had before. */
export type Upstream = (method: string, params: readonly unknown[]) => Promise<unknown>;

/** Wei per gas of every block. */
const BASE_FEE = 1_000_000_000n;

const GAS = 21_000n;

const EMPTY_ROOT = "0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421";
const NO_BLOOM = `0x${"00".repeat(256)}`;

/** As geth tells a refusal. */
export class Refused extends Error {
  readonly code = -32_000;
}

interface Account {
  /** Transactions that were taken, mined or not. */
  taken: number;
  /** Wei that what was taken leaves. */
  free: bigint;
  /** What came before those with lower nonces. */
  readonly ahead: Map<number, Taken>;
  /** What it had from each block on in which that changed, the last one last. */
  readonly balances: { readonly block: number; readonly wei: bigint; readonly nonce: number }[];
}

interface Taken {
  readonly hash: string;
  readonly from: string;
  readonly to: string;
  readonly value: bigint;
  readonly fee: bigint;
  readonly price: bigint;
  readonly nonce: number;
}

interface NullBlock {
  readonly header: Readonly<Record<string, unknown>>;
  readonly receipts: readonly Readonly<Record<string, unknown>>[];
  /** When it could first be asked for. Unix milliseconds. */
  readonly at: number;
}

/**
 * A chain that takes and includes every plain transfer and does nothing else, so that a driver has nothing to wait for but itself. It is
 * honest about nonces, balances, heads and receipts; what it knows nothing of is asked of the chain behind it.
 */
export class NullChain {
  readonly #upstream: Upstream;
  readonly #accounts = new Map<string, Account>();
  readonly #opening = new Map<string, Promise<Account>>();
  readonly #blocks = new Map<number, NullBlock>();
  readonly #byHash = new Map<string, { readonly block: number; readonly index: number } | undefined>();
  readonly #first: number;
  #pending: Taken[] = [];
  #head: number;
  hasBlockReceipts = true;

  private constructor(upstream: Upstream, head: number) {
    this.#upstream = upstream;
    this.#first = head;
    this.#head = head;
  }

  static async on(upstream: Upstream): Promise<NullChain> {
    const head = Number(await upstream("eth_blockNumber", []));
    const chain = new NullChain(upstream, head);
    chain.#seal(head, []);
    return chain;
  }

  /** Includes all that waits. */
  mine(): void {
    this.#head++;
    const mined = this.#pending;
    this.#pending = [];
    for (const one of mined) {
      this.#change(one.from, -(one.value + one.fee), one.nonce + 1);
      this.#change(one.to, one.value);
      const receiver = this.#accounts.get(one.to);
      if (receiver !== undefined) receiver.free += one.value;
    }
    this.#seal(this.#head, mined);
  }

  /** When the block that a transaction is in could first be asked for; undefined where it is in none. Unix milliseconds. */
  includedAt(hash: string): number | undefined {
    const place = this.#byHash.get(hash);
    return place && this.#blocks.get(place.block)?.at;
  }

  async answer(method: string, params: readonly unknown[]): Promise<unknown> {
    const [first, second] = params;
    switch (method) {
      case "eth_blockNumber":
        return toQuantity(this.#head);
      case "eth_getBlockByNumber":
        return this.#blocks.get(this.#numberOf(first))?.header ?? this.#before(method, params);
      case "eth_getBlockReceipts":
        if (!this.hasBlockReceipts)
          throw Object.assign(new Refused("the method does not exist"), { code: -32_601 });
        return this.#blocks.get(this.#numberOf(first))?.receipts ?? null;
      case "eth_getTransactionReceipt":
        return this.#receipt(String(first)) ?? null;
      case "eth_getTransactionByHash":
        return this.#transaction(String(first));
      case "eth_sendRawTransaction":
        return this.#take(String(first));
      case "eth_getTransactionCount":
        return toQuantity(await this.#count(String(first), second));
      case "eth_getBalance":
        return toQuantity((await this.#at(String(first), second)).wei);
      case "eth_estimateGas":
        return toQuantity(GAS);
      case "eth_gasPrice":
        return toQuantity(BASE_FEE);
      case "eth_maxPriorityFeePerGas":
        return "0x0";
      case "eth_getLogs":
        return [];
      default:
        return this.#upstream(
          method,
          params.map((one) => this.#known(one)),
        );
    }
  }

  /** The chain behind stands still: all blocks of ours are its newest. */
  #known(param: unknown): unknown {
    const isBlock = typeof param === "string" && /^0x[\da-f]{1,15}$/.test(param);
    return isBlock && Number(param) >= this.#first ? "latest" : param;
  }

  #before(method: string, params: readonly unknown[]): unknown {
    return this.#numberOf(params[0]) > this.#first ? null : this.#upstream(method, params);
  }

  #numberOf(tag: unknown): number {
    return typeof tag === "string" && tag.startsWith("0x")
      ? Number(tag)
      : tag === "earliest"
        ? 0
        : this.#head;
  }

  #account(address: string): Promise<Account> | Account {
    const key = address.toLowerCase();
    const known = this.#accounts.get(key);
    if (known !== undefined) return known;
    let opening = this.#opening.get(key);
    if (opening === undefined) {
      opening = this.#open(key);
      this.#opening.set(key, opening);
    }
    return opening;
  }

  async #open(address: string): Promise<Account> {
    const [wei, nonce] = await Promise.all([
      this.#upstream("eth_getBalance", [address, "latest"]),
      this.#upstream("eth_getTransactionCount", [address, "latest"]),
    ]);
    const had = { block: 0, wei: BigInt(String(wei)), nonce: Number(nonce) };
    const account: Account = { taken: had.nonce, free: had.wei, ahead: new Map(), balances: [had] };
    this.#accounts.set(address, account);
    return account;
  }

  async #at(address: string, tag: unknown): Promise<{ readonly wei: bigint; readonly nonce: number }> {
    const { balances } = await this.#account(address);
    const block = this.#numberOf(tag);
    for (let at = balances.length - 1; at >= 0; at--) {
      const one = balances[at];
      if (one !== undefined && one.block <= block) return one;
    }
    return { wei: 0n, nonce: 0 };
  }

  async #count(address: string, tag: unknown): Promise<number> {
    return tag === "pending" ? (await this.#account(address)).taken : (await this.#at(address, tag)).nonce;
  }

  async #take(raw: string): Promise<string> {
    const { hash, price, most, ...rest } = this.#read(raw);
    const { from, to, nonce, value } = rest;
    // Nearly always both are known: a promise for each would cost more than all that follows.
    const account = this.#accounts.get(from) ?? (await this.#account(from));
    if (!this.#accounts.has(to)) await this.#account(to);
    if (this.#byHash.has(hash)) throw new Refused("already known");
    if (nonce < account.taken)
      throw new Refused(`nonce too low: next nonce ${account.taken}, tx nonce ${nonce}`);
    if (account.ahead.has(nonce)) throw new Refused("replacement transaction underpriced");
    if (price < BASE_FEE) throw new Refused("max fee per gas less than block base fee");
    if (value + GAS * most > account.free) throw new Refused("insufficient funds for gas * price + value");
    this.#byHash.set(hash, undefined);
    account.ahead.set(nonce, { ...rest, hash, price, fee: GAS * price });
    this.#queue(account);
    return hash;
  }

  #read(raw: string): Omit<Taken, "fee"> & { readonly most: bigint } {
    const sent = raw.startsWith("0x02") ? readFeeMarket(raw) : undefined;
    const from = sent?.sender();
    if (sent === undefined || from === undefined || sent.data !== "0x")
      throw new Refused("execution reverted");
    const { to, value, nonce, maxFeePerGas: most, maxPriorityFeePerGas } = sent;
    const offered = BASE_FEE + maxPriorityFeePerGas;
    const hash = keccak(bytesOf(raw));
    return { hash, from, to, value, nonce, most, price: offered < most ? offered : most };
  }

  /** Moves on what waits for no nonce any more. Batches of one client overtake each other: what comes too early waits, as with geth. */
  #queue(account: Account): void {
    for (;;) {
      const next = account.ahead.get(account.taken);
      if (next === undefined) return;
      account.ahead.delete(account.taken);
      const cost = next.value + next.fee;
      if (cost > account.free) {
        // Others spent it meanwhile.
        this.#byHash.delete(next.hash);
        return;
      }
      account.taken++;
      account.free -= cost;
      this.#pending.push(next);
    }
  }

  #change(address: string, by: bigint, nonce?: number): void {
    const balances = this.#accounts.get(address)?.balances;
    const last = balances?.at(-1);
    if (balances === undefined || last === undefined) return;
    const now = { block: this.#head, wei: last.wei + by, nonce: nonce ?? last.nonce };
    if (last.block === this.#head) balances[balances.length - 1] = now;
    else balances.push(now);
  }

  #seal(number: number, mined: readonly Taken[]): void {
    const hash = hashOf(number);
    const receipts = mined.map(({ hash: transactionHash, from, to, price }, index) => {
      this.#byHash.set(transactionHash, { block: number, index });
      return {
        transactionHash,
        transactionIndex: toQuantity(index),
        blockHash: hash,
        blockNumber: toQuantity(number),
        from,
        to,
        type: "0x2",
        status: "0x1",
        gasUsed: toQuantity(GAS),
        cumulativeGasUsed: toQuantity(GAS * BigInt(index + 1)),
        effectiveGasPrice: toQuantity(price),
        contractAddress: null,
        logs: [],
        logsBloom: NO_BLOOM,
        l1Fee: "0x0",
      };
    });
    const header = {
      number: toQuantity(number),
      hash,
      parentHash: hashOf(number - 1),
      timestamp: toQuantity(Math.floor(Date.now() / 1000)),
      baseFeePerGas: toQuantity(BASE_FEE),
      gasLimit: toQuantity(2n ** 40n),
      gasUsed: toQuantity(GAS * BigInt(mined.length)),
      logsBloom: NO_BLOOM,
      receiptsRoot: mined.length === 0 ? EMPTY_ROOT : hash,
      transactionsRoot: mined.length === 0 ? EMPTY_ROOT : hash,
      stateRoot: hash,
      transactions: mined.map((one) => one.hash),
    };
    this.#blocks.set(number, { header, receipts, at: Date.now() });
  }

  #receipt(hash: string): unknown {
    const place = this.#byHash.get(hash);
    return place && this.#blocks.get(place.block)?.receipts[place.index];
  }

  #transaction(hash: string): unknown {
    if (!this.#byHash.has(hash)) return null;
    const { block } = this.#byHash.get(hash) ?? {};
    return { hash, blockNumber: block === undefined ? null : toQuantity(block), input: "0x", value: "0x0" };
  }
}

/** Any 32 bytes that no other block has. */
const hashOf = (number: number): string => `0xb10c${number.toString(16).padStart(60, "0")}`;
