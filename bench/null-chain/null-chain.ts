import { toQuantity } from "ethers";
import { readFeeMarket } from "../../fixtures/local-stack/sent-transaction.ts";
import { bytesOf, keccak } from "../../stress/engine/base/index.ts";
import { type Account, Accounts, type Upstream } from "./accounts.ts";
import { BASE_FEE, GAS, type NullBlock, sealed, type Taken } from "./block.ts";

/** As geth tells a refusal. */
export class Refused extends Error {
  readonly code = -32_000;
}

/**
 * A chain that takes and includes every plain transfer and does nothing else, so that a driver has nothing to wait for but itself. It is
 * honest about nonces, balances, heads and receipts; what it knows nothing of is asked of the chain behind it.
 */
export class NullChain {
  readonly #upstream: Upstream;
  readonly #accounts: Accounts;
  readonly #blocks = new Map<number, NullBlock>();
  readonly #byHash = new Map<string, { readonly block: number; readonly index: number } | undefined>();
  readonly #first: number;
  #pending: Taken[] = [];
  #head: number;
  hasBlockReceipts = true;

  private constructor(upstream: Upstream, head: number) {
    this.#upstream = upstream;
    this.#accounts = new Accounts(upstream);
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
    for (const one of mined) this.#accounts.move(one, this.#head);
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
        return toQuantity((await this.#accounts.at(String(first), this.#numberOf(second))).wei);
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

  async #count(address: string, tag: unknown): Promise<number> {
    if (tag === "pending") return (await this.#accounts.open(address)).taken;
    return (await this.#accounts.at(address, this.#numberOf(tag))).nonce;
  }

  async #take(raw: string): Promise<string> {
    const { hash, price, most, ...rest } = this.#read(raw);
    const { from, to, nonce, value } = rest;
    // Nearly always both are known: a promise for each would cost more than all that follows.
    const account = this.#accounts.known(from) ?? (await this.#accounts.open(from));
    if (this.#accounts.known(to) === undefined) await this.#accounts.open(to);
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

  #seal(number: number, mined: readonly Taken[]): void {
    for (const [index, { hash }] of mined.entries()) this.#byHash.set(hash, { block: number, index });
    this.#blocks.set(number, sealed(number, mined));
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
