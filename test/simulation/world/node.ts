import { toQuantity } from "ethers";
import type { TxHash } from "../../../stress/engine/rpc/index.ts";
import { type MinedTransaction, Refused, type SimBlock, type SimChain, GWEI, gasOf } from "./chain.ts";
import { DATA_FEE, execute, view } from "./contracts.ts";
import type { Dice } from "./dice.ts";
import { bloomOf } from "../../fakes/bloom.ts";
import { ChainState } from "./state.ts";

/** A node's JSON-RPC error. */
export class RpcError extends Error {
  override readonly name = "RpcError";
  readonly code: number;

  constructor(message: string, code = -32_000) {
    super(message);
    this.code = code;
  }
}

/** What a node gets wrong, in parts of all answers. */
export interface NodeHabits {
  /** Answers as of an older head, by up to this many blocks. */
  readonly stale: number;
  readonly mostBehind: number;
  /** Events and receipts of a block that it has just got are not there yet. */
  readonly unready: number;
  readonly hasBlockReceipts: boolean;
  /** Blocks that are told without their events for good, and with nothing in them that contradicts it. */
  readonly blind: number;
}

type Json = Readonly<Record<string, unknown>>;

/** A node in front of a chain: it may be behind, and may not have all of a block at once. */
export class SimNode {
  readonly #chain: SimChain;
  readonly #habits: NodeHabits;
  readonly #dice: Dice;
  readonly #blindTo = new Map<string, boolean>();

  constructor(chain: SimChain, habits: NodeHabits, dice: Dice) {
    this.#chain = chain;
    this.#habits = habits;
    this.#dice = dice;
  }

  /** @throws {RpcError} */
  answer(method: string, params: readonly unknown[]): unknown {
    const behind = this.#dice.chance(this.#habits.stale) ? this.#dice.between(1, this.#habits.mostBehind) : 0;
    const head = Math.max(0, this.#chain.head.number - behind);
    const isReady = !this.#dice.chance(this.#habits.unready);
    return this.#dispatch(method, params, head, isReady);
  }

  #dispatch(method: string, [first, second]: readonly unknown[], head: number, isReady: boolean): unknown {
    switch (method) {
      case "eth_chainId":
        return toQuantity(this.#chain.chainId);
      case "eth_blockNumber":
        return toQuantity(head);
      case "eth_gasPrice":
        return toQuantity(this.#chain.baseFee + GWEI / 10n);
      case "eth_getCode":
        return "0x60";
      case "eth_getBalance":
        return toQuantity(this.#stateAt(second, head).balance(String(first).toLowerCase()));
      case "eth_getTransactionCount":
        return toQuantity(this.#nonce(String(first).toLowerCase(), second, head));
      case "eth_call":
        return this.#call(first as { to: string; data: string }, second, head);
      case "eth_estimateGas":
        return this.#estimate(first as Trial, second, head);
      case "eth_getBlockByNumber":
        return this.#unlessBlind(blockJson(this.#blockAt(first, head), second === true));
      case "eth_getBlockReceipts":
        if (!this.#habits.hasBlockReceipts)
          throw new RpcError("the method eth_getBlockReceipts does not exist", -32_601);
        return isReady ? this.#blockReceipts(this.#blockAt(first, head)) : null;
      case "eth_getLogs":
        return isReady ? this.#logs(first as LogFilter, head) : [];
      case "eth_getTransactionReceipt":
        return isReady ? this.#receipt(String(first) as TxHash, head) : null;
      case "eth_getTransactionByHash":
        return this.#transaction(String(first) as TxHash, head);
      case "eth_sendRawTransaction":
        return this.#send(String(first));
      default:
        throw new RpcError(`the method ${method} does not exist`, -32_601);
    }
  }

  /** Whether a block is one of those that are told without events, be it asked for whenever. */
  #isBlindTo(hash: string): boolean {
    const isBlind = this.#blindTo.get(hash) ?? this.#dice.chance(this.#habits.blind);
    this.#blindTo.set(hash, isBlind);
    return isBlind;
  }

  #unlessBlind(header: Json | null): Json | null {
    return header !== null && this.#isBlindTo(String(header["hash"]))
      ? { ...header, logsBloom: undefined }
      : header;
  }

  #blockReceipts(block: SimBlock | undefined): Json[] | null {
    const receipts = receiptsOf(block, this.#chain);
    if (block === undefined || receipts === null || !this.#isBlindTo(block.hash)) return receipts;
    return receipts.map((one) => ({ ...one, logs: [] }));
  }

  #blocks(head: number): readonly SimBlock[] {
    return this.#chain.blocks.slice(0, head + 1);
  }

  #blockAt(number: unknown, head: number): SimBlock | undefined {
    return this.#blocks(head)[Number(number)];
  }

  #stateAt(tag: unknown, head: number): ChainState {
    const number = tag === "latest" || tag === undefined ? head : Number(tag);
    const block = this.#blocks(head)[number];
    if (block === undefined) throw new RpcError("header not found");
    return block.state;
  }

  #nonce(account: string, tag: unknown, head: number): number {
    return tag === "pending" ? this.#chain.pendingNonce(account) : this.#stateAt(tag, head).nonce(account);
  }

  #call({ to, data }: { to: string; data: string }, tag: unknown, head: number): string {
    return view(this.#stateAt(tag, head), this.#chain.chain, to, data);
  }

  /** As geth does: the call is tried on a block's state, and refused where it reverts or cannot be paid. */
  #estimate({ from, to, data, value }: Trial, tag: unknown, head: number): string {
    const call = { from: from.toLowerCase(), to: to.toLowerCase(), data, value: BigInt(value) };
    const state = new ChainState(this.#stateAt(tag, head));
    if (!state.move(call.from, call.to, call.value)) throw new RpcError("insufficient funds for transfer");
    const { chain } = this.#chain;
    if (execute(state, { chain, block: head, at: 0 }, call) === undefined)
      throw new RpcError("execution reverted", 3);
    return toQuantity(gasOf(chain, call));
  }

  #logs({ address, topics, blockHash, fromBlock, toBlock }: LogFilter, head: number): Json[] {
    const all = this.#blocks(head);
    const blocks =
      blockHash === undefined
        ? all.slice(Number(fromBlock), toBlock === "latest" ? undefined : Number(toBlock) + 1)
        : all.filter(({ hash }) => hash === blockHash);
    if (blockHash !== undefined && blocks.length === 0) throw new RpcError("unknown block");
    if (blockHash !== undefined && this.#isBlindTo(blockHash)) return [];
    const addresses = [address].flat().map((one) => one.toLowerCase());
    const isWanted = (at: number, topic = ""): boolean => {
      const wanted = [topics[at] ?? []].flat();
      return wanted.length === 0 || wanted.includes(topic);
    };
    return blocks
      .flatMap((block) => receiptsOf(block, this.#chain) ?? [])
      .flatMap(({ logs }) => logs as readonly (Json & { address: string; topics: string[] })[])
      .filter(
        (log) =>
          addresses.includes(log.address.toLowerCase()) &&
          topics.every((_, at) => isWanted(at, log.topics[at])),
      );
  }

  #find(hash: TxHash, head: number): { block: SimBlock; transaction: MinedTransaction } | undefined {
    for (const block of this.#blocks(head).toReversed()) {
      const transaction = block.transactions.find((one) => one.hash === hash);
      if (transaction !== undefined) return { block, transaction };
    }
    return undefined;
  }

  #receipt(hash: TxHash, head: number): Json | null {
    const found = this.#find(hash, head);
    if (found === undefined) return null;
    return (
      receiptsOf(found.block, this.#chain)?.find(({ transactionHash }) => transactionHash === hash) ?? null
    );
  }

  #transaction(hash: TxHash, head: number): Json | null {
    const mined = this.#find(hash, head)?.transaction;
    if (mined !== undefined) return transactionJson(mined);
    const waiting = this.#chain.pool.get(hash);
    if (waiting === undefined || waiting.from === null || waiting.to === null) return null;
    const { from, to, value, data } = waiting;
    return transactionJson({ hash, from, to, value, data });
  }

  #send(raw: string): string {
    try {
      return this.#chain.take(raw);
    } catch (error) {
      if (error instanceof Refused) throw new RpcError(error.message);
      throw error;
    }
  }
}

type Trial = Record<"from" | "to" | "data" | "value", string>;

interface LogFilter {
  readonly address: string | readonly string[];
  readonly topics: readonly (string | readonly string[] | undefined)[];
  readonly blockHash?: string;
  readonly fromBlock?: string;
  readonly toBlock?: string;
}

const transactionJson = ({
  hash,
  from,
  to,
  value,
  data,
}: Pick<MinedTransaction, "hash" | "from" | "to" | "value" | "data">): Json => ({
  hash,
  from,
  to,
  value: toQuantity(value),
  input: data,
});

function blockJson(block: SimBlock | undefined, isFull: boolean): Json | null {
  if (block === undefined) return null;
  const { number, hash, parentHash, baseFee, transactions } = block;
  return {
    number: toQuantity(number),
    hash,
    parentHash,
    baseFeePerGas: toQuantity(baseFee),
    logsBloom: bloomOf(transactions.flatMap(({ logs }) => logs)),
    transactions: transactions.map((one) => (isFull ? transactionJson(one) : one.hash)),
  };
}

function receiptsOf(block: SimBlock | undefined, { chain }: SimChain): Json[] | null {
  if (block === undefined) return null;
  let logIndex = 0;
  const where = { blockNumber: toQuantity(block.number), blockHash: block.hash };
  return block.transactions.map(({ hash, succeeded, gasUsed, price, logs, signed }) => ({
    ...where,
    transactionHash: hash,
    status: succeeded ? "0x1" : "0x0",
    gasUsed: toQuantity(gasUsed),
    effectiveGasPrice: toQuantity(price),
    ...(chain === 2 && signed !== undefined ? { l1Fee: toQuantity(DATA_FEE) } : {}),
    logs: logs.map((log) => ({
      ...log,
      ...where,
      transactionHash: hash,
      logIndex: toQuantity(logIndex++),
    })),
  }));
}
