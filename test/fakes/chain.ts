import { id, Transaction, toQuantity, ZeroHash } from "ethers";
import type { TxHash } from "../../stress/engine/rpc/receipt.ts";
import type { Rpc } from "../../stress/engine/rpc/rpc.ts";
import { contracts } from "./contracts.ts";
import { NoAnswer, NodeError, Traffic } from "../../stress/engine/rpc/index.ts";
import { bloomOf } from "./bloom.ts";

/** An event as a contract emits it. */
export interface FakeLog {
  readonly address: string;
  readonly topics: readonly string[];
  readonly data: string;
}

/** A transaction as it is mined. */
export interface FakeTransaction {
  readonly hash: TxHash;
  readonly logs?: readonly FakeLog[];
  readonly reverted?: boolean;
  /** Wei per gas that it paid. */
  readonly price?: bigint;
  /** What a full block tells of it. Wei. */
  readonly transfer?: { readonly from: string; readonly to: string; readonly value: bigint };
  /** What it did to balances, its fees included: wei by address. */
  readonly balances?: Readonly<Record<string, bigint>>;
  /** What its receipt has beside what all receipts have. */
  readonly fields?: Readonly<Record<string, unknown>>;
}

interface FakeBlock {
  readonly number: number;
  readonly hash: string;
  readonly parentHash: string;
  readonly transactions: readonly FakeTransaction[];
}

type Answer = (...params: readonly unknown[]) => unknown;

export const GWEI = 10n ** 9n;

/** A transaction hash that is easily told apart from others. */
export const hashOf = (label: string): TxHash => id(`transaction ${label}`) as TxHash;

/** A node's JSON-RPC error. */
export const nodeError = (message: string, code = -32_000): Error => new NodeError({ code, message });

/** What an endpoint that answers nothing comes to. */
export const deadEndpoint = (): Error => new NoAnswer("time-out", "request timeout");

/** Gas that every transaction takes, and the wei it pays for each where nothing is said. */
const GAS_USED = 50_000n;
const PRICE = 2n * GWEI;

/** What a mined transaction costs, in wei. */
export const feeAt = (price = PRICE): bigint => GAS_USED * price;

/** Whether an account is the liquidity pool of either chain. */
export const isPool = (account: unknown): boolean =>
  account === contracts.pool[1] || account === contracts.pool[2];

/** A chain in memory behind the engine's own interface: no process, no port, no time. */
export class FakeChain implements Rpc {
  readonly name = "http://fake";
  readonly names = [this.name];
  readonly traffic = new Traffic(this.names);
  readonly calls: { readonly method: string; readonly params: readonly unknown[] }[] = [];
  /** Transactions handed in, in their order. */
  readonly sent: Transaction[] = [];
  /** What accounts have before the first block. Wei. */
  readonly genesis = new Map<string, bigint>();
  /** The node has no states of blocks before this one. */
  oldestState = 0;
  gasPrice = 3n * GWEI;
  baseFee: bigint | undefined = 2n * GWEI;
  poolBalance = 10n ** 20n;
  hasBlockReceipts = true;
  /** What it estimates for a plain transfer. */
  transferGas = 21_000;
  closed = false;
  #fork = 0;
  readonly #blocks: FakeBlock[] = [];
  readonly #answers = new Map<string, Answer>();

  constructor(length = 10) {
    for (let number = 0; number < length; number++) this.mine();
  }

  get head(): number {
    return this.#blocks.length - 1;
  }

  /** The hash of a block on the present branch. */
  hashAt(number: number): string | undefined {
    return this.#blocks[number]?.hash;
  }

  mine(...transactions: readonly FakeTransaction[]): void {
    const number = this.#blocks.length;
    const parentHash = this.#blocks.at(-1)?.hash ?? ZeroHash;
    this.#blocks.push({ number, hash: id(`block ${number} fork ${this.#fork}`), parentHash, transactions });
  }

  /** Mines all that was sent and is not mined yet, of several with one nonce the last; it returns their hashes. */
  minePending(own: Pick<FakeTransaction, "price" | "reverted" | "logs" | "fields"> = {}): TxHash[] {
    const placeOf = ({ from, nonce }: Transaction): string => `${from}:${nonce}`;
    const mined = new Set(this.#blocks.flatMap(({ transactions }) => transactions.map(({ hash }) => hash)));
    const taken = new Set(this.sent.filter(({ hash }) => mined.has(hash as TxHash)).map(placeOf));
    const pending = new Map(
      this.sent.filter((one) => !taken.has(placeOf(one))).map((one) => [placeOf(one), one]),
    );
    const transactions = [...pending.values()].map((one) => minedOf(one, own));
    this.mine(...transactions);
    return transactions.map(({ hash }) => hash);
  }

  /** The node knows nothing more of a transaction that was sent. */
  forget(hash: TxHash): void {
    this.sent.splice(0, this.sent.length, ...this.sent.filter((one) => one.hash !== hash));
  }

  /** Drops the newest blocks; what is mined from here on has other hashes. */
  fork(depth: number): void {
    this.#blocks.splice(this.#blocks.length - depth);
    this.#fork++;
  }

  /** Answers a method in the test's own way, until `unanswer`. What `answer` throws is thrown. */
  answer(method: string, answer: Answer): void {
    this.#answers.set(method, answer);
  }

  unanswer(method: string): void {
    this.#answers.delete(method);
  }

  asked(method: string): number {
    return this.calls.filter((call) => call.method === method).length;
  }

  async send(method: string, params: readonly unknown[]): Promise<unknown> {
    this.calls.push({ method, params });
    const own = this.#answers.get(method);
    return own === undefined ? this.real(method, params) : own(...params);
  }

  /** What the chain itself would answer. */
  real(method: string, [first, second]: readonly unknown[]): unknown {
    switch (method) {
      case "eth_blockNumber":
        return toQuantity(this.head);
      case "eth_gasPrice":
        return toQuantity(this.gasPrice);
      case "eth_getBalance":
        return toQuantity(isPool(first) ? this.poolBalance : this.#balanceAt(String(first), second));
      case "eth_getTransactionCount":
        return "0x0";
      case "eth_getBlockByNumber":
        return this.#header(Number(first), second === true);
      case "eth_getBlockReceipts":
        if (!this.hasBlockReceipts) throw nodeError("method not found", -32_601);
        return this.#blockReceipts(Number(first));
      case "eth_getLogs":
        return this.#logs(first as LogFilter);
      case "eth_getTransactionReceipt":
        return this.#receipt(String(first));
      case "eth_getTransactionByHash":
        return this.#transaction(String(first));
      // Every view function answers with nothing but zeros.
      case "eth_call":
        return `0x${"00".repeat(256)}`;
      case "eth_estimateGas":
        return toQuantity((first as { readonly data?: unknown }).data === "0x" ? this.transferGas : 100_000);
      case "eth_sendRawTransaction":
        this.sent.push(Transaction.from(String(first)));
        return this.sent.at(-1)?.hash;
      default:
        throw nodeError(`the fake chain has no ${method}`, -32_601);
    }
  }

  async close(): Promise<void> {
    this.closed = true;
  }

  #transaction(hash: string): Json | null {
    const found = this.sent.find((one) => one.hash === hash);
    if (found === undefined || found.from === null || found.to === null) return null;
    const { from, to, value, data } = found;
    return { hash, from, to, value: toQuantity(value), input: data };
  }

  #balanceAt(account: string, block: unknown): bigint {
    const last = block === undefined || block === "latest" ? this.head : Number(block);
    if (last < this.oldestState || last > this.head) throw nodeError("missing trie node");
    return this.#blocks
      .slice(0, last + 1)
      .flatMap(({ transactions }) => transactions.map(({ balances }) => balances?.[account] ?? 0n))
      .reduce((sum, wei) => sum + wei, this.genesis.get(account) ?? 0n);
  }

  #header(number: number, isFull: boolean): unknown {
    const block = this.#blocks[number];
    if (block === undefined) return null;
    return {
      number: toQuantity(number),
      hash: block.hash,
      parentHash: block.parentHash,
      logsBloom: bloomOf(block.transactions.flatMap(({ logs = [] }) => logs)),
      transactions: block.transactions.map((one) => (isFull ? fullOf(one) : one.hash)),
      ...(this.baseFee === undefined ? {} : { baseFeePerGas: toQuantity(this.baseFee) }),
    };
  }

  #blockReceipts(number: number): readonly Json[] | null {
    const block = this.#blocks[number];
    return block === undefined ? null : receiptsOf(block);
  }

  #receipt(hash: string): Json | null {
    const found = this.#blocks.flatMap(receiptsOf).find((receipt) => receipt["transactionHash"] === hash);
    return found ?? null;
  }

  #logs({ address, topics, ...where }: LogFilter): readonly Json[] {
    const addresses = [address].flat().map((one) => one.toLowerCase());
    const fits = (log: FakeLog): boolean =>
      addresses.includes(log.address.toLowerCase()) &&
      topics.every((wanted, at) => [wanted].flat().includes(log.topics[at] ?? ""));
    return this.#blocksIn(where)
      .flatMap(receiptsOf)
      .flatMap((receipt) => receipt["logs"] as readonly (Json & FakeLog)[])
      .filter(fits);
  }

  #blocksIn(where: Blocks): readonly FakeBlock[] {
    if ("fromBlock" in where) {
      const last = where.toBlock === "latest" ? this.head : Number(where.toBlock);
      return this.#blocks.slice(Number(where.fromBlock), last + 1);
    }
    const block = this.#blocks.find(({ hash }) => hash === where.blockHash);
    if (block === undefined) throw nodeError("unknown block");
    return [block];
  }
}

type Json = Readonly<Record<string, unknown>>;

type Blocks = { readonly blockHash: string } | { readonly fromBlock: string; readonly toBlock: string };

type LogFilter = Blocks & {
  readonly address: string | readonly string[];
  readonly topics: readonly (string | readonly string[])[];
};

const NOBODY = `0x${"00".repeat(19)}99`;

/** A transaction as a full block has it. */
const fullOf = ({
  hash,
  transfer: { from, to, value } = { from: NOBODY, to: NOBODY, value: 0n },
}: FakeTransaction) => ({
  hash,
  from,
  to,
  value: toQuantity(value),
  input: "0x",
});

/** A transaction that was sent, as it is mined. */
function minedOf(
  { hash, from, to, value }: Transaction,
  own: Pick<FakeTransaction, "price" | "reverted" | "logs" | "fields">,
): FakeTransaction {
  if (hash === null || from === null || to === null) throw new Error("wants a signed transaction");
  const moved = own.reverted === true ? 0n : value;
  const balances = { [from]: -feeAt(own.price) - moved };
  balances[to] = (balances[to] ?? 0n) + moved;
  return { hash: hash as TxHash, transfer: { from, to, value }, balances, ...own };
}

function receiptsOf({ number, hash: blockHash, transactions }: FakeBlock): Json[] {
  let logIndex = 0;
  return transactions.map(({ hash, logs = [], reverted = false, price = PRICE, fields }) => ({
    transactionHash: hash,
    blockNumber: toQuantity(number),
    blockHash,
    status: reverted ? "0x0" : "0x1",
    gasUsed: toQuantity(GAS_USED),
    effectiveGasPrice: toQuantity(price),
    ...fields,
    logs: logs.map((log) => ({
      ...log,
      blockNumber: toQuantity(number),
      transactionHash: hash,
      logIndex: toQuantity(logIndex++),
    })),
  }));
}
