import { toQuantity } from "ethers";
import type { TxHash } from "../../../stress/engine/rpc/index.ts";
import { GWEI, type MinedTransaction, type SimBlock, type SimChain } from "./chain.ts";
import type { Dice } from "./dice.ts";
import type { Hazards } from "./hazards.ts";
import { bare, blockJson, type Json, minedJson, receiptsOf, waitingJson } from "./json.ts";
import { Refused } from "./pool.ts";
import { type LogFilter, RpcError, type Trial } from "./rpc.ts";
import type { ChainState } from "./state.ts";
import type { Weather } from "./weather.ts";
import { anyWords, wordsOf } from "./words.ts";

/** What a node may say of a transaction without a reason: it took it, or will take it later. */
const REFUSALS = ["already known", "nonce too low", "insufficient funds", "fee too low", "no room"] as const;

/** What the node that answers knows: another one may be behind. */
interface View {
  readonly head: SimBlock;
  /** It has not heard yet of transactions that were sent after this time. Unix milliseconds. */
  readonly heardTo: number;
}

/** The nodes in front of a chain, behind one endpoint: some are behind, and may not have all of a block at once. */
export class SimNode {
  readonly #chain: SimChain;
  readonly #weather: Weather;
  readonly #hazards: Hazards;
  readonly #dice: Dice;
  readonly #now: () => number;
  readonly #blindTo = new Map<string, boolean>();

  /** @param now Unix milliseconds */
  constructor(chain: SimChain, weather: Weather, hazards: Hazards, dice: Dice, now: () => number) {
    this.#chain = chain;
    this.#weather = weather;
    this.#hazards = hazards;
    this.#dice = dice;
    this.#now = now;
  }

  /** @throws {RpcError} */
  answer(method: string, [first, second, third]: readonly unknown[]): unknown {
    const seen = this.#view();
    switch (method) {
      case "eth_chainId":
        return toQuantity(this.#chain.chainId);
      case "eth_blockNumber":
        return toQuantity(seen.head.number);
      case "eth_gasPrice":
        return toQuantity(this.#chain.baseFee + GWEI / 10n);
      case "eth_getCode":
        return "0x60";
      case "eth_getBalance":
        return toQuantity(this.#stateAt(second, seen).balance(String(first).toLowerCase()));
      case "eth_getTransactionCount":
        return toQuantity(this.#nonce(String(first).toLowerCase(), second, seen));
      case "eth_call":
        return this.#call(first as { to: string; data: string }, second, seen);
      case "eth_estimateGas":
        return this.#estimate(first as Trial, second, seen);
      case "eth_getBlockByNumber":
        return this.#block(first, second === true, seen);
      case "eth_getBlockReceipts":
        return this.#blockReceipts(first, seen);
      case "eth_getLogs":
        return this.#logs(first as LogFilter, seen);
      case "eth_getTransactionReceipt":
        return this.#receipt(String(first) as TxHash, seen);
      case "eth_getTransactionByHash":
        return this.#transaction(String(first) as TxHash, seen);
      case "eth_getProof":
        return this.#stateAt(third, seen).proof(second as readonly string[]);
      case "eth_sendRawTransaction":
        return this.#send(String(first), seen);
      default:
        throw new RpcError(`the method ${method} does not exist`, -32_601);
    }
  }

  #view(): View {
    const { head, blocks } = this.#chain;
    const stale = this.#hazards.strike("stale");
    if (stale === undefined) return { head, heardTo: Number.POSITIVE_INFINITY };
    const older = blocks[Math.max(0, head.number - stale.between(1, this.#weather.mostBehind))] ?? head;
    return { head: older, heardTo: older.at };
  }

  #blockAt(number: unknown, { head }: View): SimBlock | undefined {
    return Number(number) > head.number ? undefined : this.#chain.blocks[Number(number)];
  }

  #block(number: unknown, isFull: boolean, seen: View): Json | null {
    const block = this.#blockAt(number, seen);
    if (block === undefined) return null;
    const told = blockJson(block, isFull);
    return this.#isBlindTo(block.hash) ? { ...told, logsBloom: undefined } : told;
  }

  /** Whether a block is one of those that are told without events, be it asked for whenever. */
  #isBlindTo(hash: string): boolean {
    const isBlind = this.#blindTo.get(hash) ?? this.#hazards.strike("blind") !== undefined;
    this.#blindTo.set(hash, isBlind);
    return isBlind;
  }

  #stateAt(tag: unknown, seen: View): ChainState {
    if (tag === "latest" || tag === undefined) return seen.head.state;
    const block = this.#blockAt(tag, seen);
    if (block === undefined) throw new RpcError(anyWords(["behind"], this.#dice));
    return block.state;
  }

  #nonce(account: string, tag: unknown, seen: View): number {
    if (tag !== "pending") return this.#stateAt(tag, seen).nonce(account);
    if (!this.#weather.hasPending) throw new RpcError("pending state is not available");
    return this.#chain.pool.pendingNonce(account, seen.head.state, seen.heardTo);
  }

  #call({ to, data }: { to: string; data: string }, tag: unknown, seen: View): string {
    return this.#stateAt(tag, seen).view(to, data);
  }

  /** As geth does: the call is tried on a block's state, and refused where it reverts or cannot be paid. */
  #estimate({ from, to, data, value }: Trial, tag: unknown, seen: View): string {
    const call = { from: from.toLowerCase(), to: to.toLowerCase(), data, value: BigInt(value) };
    const state = this.#stateAt(tag, seen).copy();
    if (!state.move(call.from, call.to, call.value)) throw new RpcError("insufficient funds for transfer");
    const { number, timestamp } = seen.head;
    const place = { chain: this.#chain.chain, block: number, at: 0, timestamp };
    if (state.execute(place, call) === undefined) throw new RpcError("execution reverted", 3);
    return toQuantity(state.gasOf(call));
  }

  #blockReceipts(number: unknown, seen: View): readonly Json[] | null {
    if (!this.#weather.hasBlockReceipts)
      throw new RpcError("the method eth_getBlockReceipts does not exist", -32_601);
    const block = this.#blockAt(number, seen);
    const empty = this.#hazards.strike("emptyReceipts");
    if (block === undefined) return null;
    if (empty !== undefined) return empty.chance(0.5) ? [] : null;
    const receipts = receiptsOf(block, this.#chain);
    const isWithoutLogs = this.#isBlindTo(block.hash) || this.#hazards.strike("emptyLogs") !== undefined;
    const poor = this.#hazards.strike("bareReceipts");
    return receipts
      .map((one) => (isWithoutLogs ? { ...one, logs: [] } : one))
      .map((one) => (poor === undefined ? one : bare(one, poor)));
  }

  #logs({ address, topics, blockHash, fromBlock, toBlock }: LogFilter, seen: View): Json[] {
    const all = this.#chain.blocks.slice(0, seen.head.number + 1);
    const blocks =
      blockHash === undefined
        ? all.slice(Number(fromBlock), toBlock === "latest" ? undefined : Number(toBlock) + 1)
        : all.filter(({ hash }) => hash === blockHash);
    if (blockHash !== undefined && blocks.length === 0) throw new RpcError("unknown block");
    if (blockHash !== undefined && this.#isBlindTo(blockHash)) return [];
    if (this.#hazards.strike("emptyLogs") !== undefined) return [];
    const addresses = [address].flat().map((one) => one.toLowerCase());
    const isWanted = (at: number, topic = ""): boolean => {
      const wanted = [topics[at] ?? []].flat();
      return wanted.length === 0 || wanted.includes(topic);
    };
    return blocks
      .flatMap((block) => receiptsOf(block, this.#chain))
      .flatMap(({ logs }) => logs as readonly (Json & { address: string; topics: string[] })[])
      .filter(
        (log) =>
          addresses.includes(log.address.toLowerCase()) &&
          topics.every((_, at) => isWanted(at, log.topics[at])),
      );
  }

  #find(hash: TxHash, { head }: View): { block: SimBlock; transaction: MinedTransaction } | undefined {
    for (let number = head.number; number >= 0; number--) {
      const block = this.#chain.blocks[number];
      const transaction = block?.transactions.find((one) => one.hash === hash);
      if (block !== undefined && transaction !== undefined) return { block, transaction };
    }
    return undefined;
  }

  #receipt(hash: TxHash, seen: View): Json | null {
    const found = this.#find(hash, seen);
    if (found === undefined || this.#hazards.strike("emptyReceipts") !== undefined) return null;
    const receipt = receiptsOf(found.block, this.#chain).find((one) => one["transactionHash"] === hash);
    const poor = this.#hazards.strike("bareReceipts");
    return receipt === undefined ? null : poor === undefined ? receipt : bare(receipt, poor);
  }

  #transaction(hash: TxHash, seen: View): Json | null {
    const mined = this.#find(hash, seen);
    if (mined !== undefined) return minedJson(mined.transaction, mined.block);
    const waiting = this.#chain.pool.get(hash, seen.heardTo);
    return waiting === undefined ? null : waitingJson(waiting);
  }

  #send(raw: string, { head: { state, baseFee } }: View): string {
    const signed = this.#chain.pool.read(raw);
    const unfair = this.#hazards.strike("refusals");
    try {
      if (unfair === undefined || unfair.chance(0.5))
        this.#chain.pool.take(signed, state, baseFee, this.#now());
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      throw new RpcError(wordsOf(this.#weather.client, error.means, this.#dice));
    }
    if (unfair !== undefined) throw new RpcError(anyWords([unfair.pick(REFUSALS)], unfair));
    return signed.hash;
  }
}
