import { id, Transaction, ZeroHash } from "ethers";
import type { Chain } from "../../../stress/engine/base/index.ts";
import type { TxHash } from "../../../stress/engine/rpc/index.ts";
import type { FakeLog } from "../../fakes/chain.ts";
import { CALL_GAS, type Call, DATA_FEE, execute, POOL, BRIDGE, relay } from "./contracts.ts";
import type { Dice } from "./dice.ts";
import { ChainState, type SentMessage } from "./state.ts";

export const GWEI = 10n ** 9n;

/** Whoever gets the fees. */
const COINBASE = `0x${"00".repeat(19)}c0`;

/** A transaction as it is in a block. */
export interface MinedTransaction {
  readonly hash: TxHash;
  readonly from: string;
  readonly to: string;
  readonly value: bigint;
  readonly data: string;
  readonly succeeded: boolean;
  readonly gasUsed: bigint;
  readonly price: bigint;
  readonly logs: readonly FakeLog[];
  /** As its sender signed it; undefined for a service's. */
  readonly signed: Transaction | undefined;
}

export interface SimBlock {
  readonly number: number;
  readonly hash: string;
  readonly parentHash: string;
  /** Unix milliseconds. */
  readonly at: number;
  readonly baseFee: bigint;
  readonly transactions: readonly MinedTransaction[];
  /** After the block. */
  readonly state: ChainState;
}

/** What a node says of a transaction that it does not take. */
export class Refused extends Error {
  override readonly name = "Refused";
}

const lower = (address: string | null): string => (address ?? "").toLowerCase();

/** The truth: one chain with its transaction pool. No node stands between it and who asks it here. */
export class SimChain {
  readonly chain: Chain;
  readonly chainId: bigint;
  readonly blocks: SimBlock[] = [];
  readonly pool = new Map<TxHash, Transaction>();
  /** Every client's transaction that was ever in a block of the chain, also of one that is gone. */
  readonly everMined = new Set<TxHash>();
  baseFee = GWEI;
  readonly #dice: Dice;
  #branch = 0;

  constructor(chain: Chain, genesis: ChainState, at: number, dice: Dice) {
    this.chain = chain;
    this.chainId = BigInt(31_337 + chain);
    this.#dice = dice;
    this.#append(genesis, [], at);
  }

  get head(): SimBlock {
    const head = this.blocks.at(-1);
    if (head === undefined) throw new Error("a chain has a first block");
    return head;
  }

  /** Takes a transaction into the pool. @throws {Refused} */
  take(raw: string): TxHash {
    const transaction = Transaction.from(raw);
    const hash = transaction.hash as TxHash;
    const from = lower(transaction.from);
    const { state, baseFee } = this.head;
    if (this.pool.has(hash)) throw new Refused("already known");
    if (transaction.nonce < state.nonce(from))
      throw new Refused(`nonce too low: next nonce ${state.nonce(from)}, tx nonce ${transaction.nonce}`);
    if (priceOf(transaction) < baseFee)
      throw new Refused(`max fee per gas less than block base fee: maxFeePerGas: ${priceOf(transaction)}`);
    if (state.balance(from) < this.#mostCost(transaction))
      throw new Refused("insufficient funds for gas * price + value");
    const same = [...this.pool.values()].find(
      (one) => lower(one.from) === from && one.nonce === transaction.nonce,
    );
    if (same !== undefined && priceOf(transaction) * 10n < priceOf(same) * 11n)
      throw new Refused("replacement transaction underpriced");
    if (same !== undefined) this.pool.delete(same.hash as TxHash);
    this.pool.set(hash, transaction);
    return hash;
  }

  /** The nonce after all that an account has in blocks and, without a gap, in the pool. */
  pendingNonce(account: string): number {
    let next = this.head.state.nonce(account);
    const nonces = new Set(
      [...this.pool.values()].filter(({ from }) => lower(from) === account).map(({ nonce }) => nonce),
    );
    while (nonces.has(next)) next++;
    return next;
  }

  /** Mines a block of what is in the pool, with these messages' relays at its end. */
  mine(at: number, relays: readonly SentMessage[]): void {
    const state = new ChainState(this.head.state);
    const place = { chain: this.chain, block: this.head.number + 1, at };
    const mined: MinedTransaction[] = [];
    for (const transaction of this.#choose()) {
      const one = this.#execute(state, place, transaction);
      this.pool.delete(transaction.hash as TxHash);
      if (one === undefined) continue;
      mined.push(one);
      this.everMined.add(one.hash);
    }
    for (const message of relays) {
      const logs = relay(state, place, message);
      if (logs === undefined) continue;
      const hash = id(`relay ${message.id} ${place.block} ${this.#branch}`) as TxHash;
      const call = { from: COINBASE, to: POOL[this.chain], value: 0n, data: "0x" };
      mined.push({ ...call, hash, succeeded: true, gasUsed: CALL_GAS, price: 0n, logs, signed: undefined });
    }
    this.#append(state, mined, at);
  }

  /**
   * Takes the newest blocks back.
   *
   * @param keep part of their transactions that return to the pool by themselves
   */
  takeBack(depth: number, keep: number): void {
    const gone = this.blocks.splice(this.blocks.length - depth);
    this.#branch++;
    for (const { signed } of gone.flatMap(({ transactions }) => transactions))
      if (signed !== undefined && this.#dice.chance(keep)) this.pool.set(signed.hash as TxHash, signed);
  }

  #mostCost(transaction: Transaction): bigint {
    const dataFee = this.chain === 2 ? DATA_FEE : 0n;
    return transaction.value + transaction.gasLimit * priceOf(transaction) + dataFee;
  }

  /** What of the pool can be mined now, each account's in the order of its nonces. Some is left for later. */
  #choose(): Transaction[] {
    const chosen: Transaction[] = [];
    const next = new Map<string, number>();
    const sorted = [...this.pool.values()].sort((a, b) => a.nonce - b.nonce);
    for (const transaction of sorted) {
      const from = lower(transaction.from);
      const nonce = next.get(from) ?? this.head.state.nonce(from);
      if (transaction.nonce < nonce) this.pool.delete(transaction.hash as TxHash);
      if (transaction.nonce !== nonce || priceOf(transaction) < this.baseFee || this.#dice.chance(0.1))
        continue;
      next.set(from, nonce + 1);
      chosen.push(transaction);
    }
    return chosen;
  }

  /** undefined where its sender cannot pay it any more: it is dropped, as nodes do. */
  #execute(
    state: ChainState,
    place: { readonly chain: Chain; readonly block: number; readonly at: number },
    transaction: Transaction,
  ): MinedTransaction | undefined {
    const from = lower(transaction.from);
    if (state.balance(from) < this.#mostCost(transaction)) return undefined;
    const call: Call = { from, to: lower(transaction.to), data: transaction.data, value: transaction.value };
    const price = effectivePrice(transaction, this.baseFee);
    const gasUsed = gasOf(this.chain, call);
    state.nonces.set(from, transaction.nonce + 1);
    state.move(from, COINBASE, gasUsed * price + (this.chain === 2 ? DATA_FEE : 0n));
    const attempt = new ChainState(state);
    attempt.move(from, call.to, call.value);
    const logs = execute(attempt, place, call);
    if (logs !== undefined) adopt(state, attempt);
    return {
      ...call,
      hash: transaction.hash as TxHash,
      succeeded: logs !== undefined,
      gasUsed,
      price,
      logs: logs ?? [],
      signed: transaction,
    };
  }

  #append(state: ChainState, transactions: readonly MinedTransaction[], at: number): void {
    const number = this.blocks.length;
    const parentHash = this.blocks.at(-1)?.hash ?? ZeroHash;
    const hash = id(`${this.chain} ${number} ${this.#branch} ${parentHash}`);
    this.blocks.push({ number, hash, parentHash, at, baseFee: this.baseFee, transactions, state });
  }
}

function adopt(state: ChainState, from: ChainState): void {
  for (const [account, wei] of from.balances) state.balances.set(account, wei);
  for (const [account, wei] of from.stakes) state.stakes.set(account, wei);
  state.sent.splice(0, state.sent.length, ...from.sent);
  state.messageNonce = from.messageNonce;
}

/** Gas that a call takes: as estimated, so it takes. */
export const gasOf = (chain: Chain, { to, data }: Pick<Call, "to" | "data">): bigint =>
  data === "0x" ? 21_000n : to === POOL[chain] || to === BRIDGE[chain] ? CALL_GAS : 30_000n;

const priceOf = ({ maxFeePerGas, gasPrice }: Transaction): bigint => maxFeePerGas ?? gasPrice ?? 0n;

function effectivePrice(transaction: Transaction, baseFee: bigint): bigint {
  const most = priceOf(transaction);
  const tip = transaction.maxPriorityFeePerGas ?? most - baseFee;
  return baseFee + tip < most ? baseFee + tip : most;
}
