import { id, ZeroHash } from "ethers";
import type { Chain } from "../../../stress/engine/base/index.ts";
import type { TxHash } from "../../../stress/engine/rpc/index.ts";
import type { FakeLog } from "../../fakes/chain.ts";
import { type Call, CALL_GAS, COINBASE, execute, gasOf, type Place, POOL, relay } from "./contracts.ts";
import type { Dice } from "./dice.ts";
import type { Hazards } from "./hazards.ts";
import { TransactionPool } from "./pool.ts";
import { priceAt, type Signed } from "./signed.ts";
import { ChainState, type SentMessage } from "./state.ts";

export const GWEI = 10n ** 9n;

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
  readonly signed: Signed | undefined;
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

/** The truth: one chain with its transaction pool. No node stands between it and who asks it here. */
export class SimChain {
  readonly chain: Chain;
  readonly chainId: bigint;
  readonly blocks: SimBlock[] = [];
  readonly pool: TransactionPool;
  /** Every client's transaction that was ever in a block of the chain, also of one that is gone. */
  readonly everMined = new Set<TxHash>();
  baseFee = GWEI;
  readonly #dice: Dice;
  #branch = 0;

  /** @param at when its first block is. Unix milliseconds */
  constructor(chain: Chain, genesis: ChainState, at: number, dice: Dice, hazards: Hazards) {
    this.chain = chain;
    this.chainId = BigInt(31_337 + chain);
    this.#dice = dice;
    this.pool = new TransactionPool(chain, dice, hazards);
    this.#append(genesis, [], at);
  }

  get head(): SimBlock {
    const head = this.blocks.at(-1);
    if (head === undefined) throw new Error("a chain has a first block");
    return head;
  }

  /** Mines a block of what is in the pool, with these messages' relays at its end. */
  mine(at: number, relays: readonly SentMessage[]): void {
    const state = new ChainState(this.head.state);
    const place = { chain: this.chain, block: this.head.number + 1, at };
    const mined: MinedTransaction[] = [];
    for (const signed of this.pool.choose(this.head.state, this.baseFee)) {
      const one = this.#execute(state, place, signed);
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
      if (signed !== undefined && this.#dice.chance(keep)) this.pool.put(signed, 0);
  }

  /** undefined where its sender cannot pay it any more: it is dropped, as nodes do. */
  #execute(state: ChainState, place: Place, signed: Signed): MinedTransaction | undefined {
    const { from, to, data, value, nonce, hash } = signed;
    if (state.balance(from) < this.pool.mostCost(signed)) return undefined;
    const call: Call = { from, to, data, value };
    const price = priceAt(signed, this.baseFee);
    const gasUsed = gasOf(this.chain, call);
    state.nonces.set(from, nonce + 1);
    state.move(from, COINBASE, gasUsed * price + this.pool.dataFee);
    const attempt = new ChainState(state);
    attempt.move(from, to, value);
    const logs = execute(attempt, place, call);
    if (logs !== undefined) state.adopt(attempt);
    return { ...call, hash, succeeded: logs !== undefined, gasUsed, price, logs: logs ?? [], signed };
  }

  #append(state: ChainState, transactions: readonly MinedTransaction[], at: number): void {
    const number = this.blocks.length;
    const parentHash = this.blocks.at(-1)?.hash ?? ZeroHash;
    const hash = id(`${this.chain} ${number} ${this.#branch} ${parentHash}`);
    this.blocks.push({ number, hash, parentHash, at, baseFee: this.baseFee, transactions, state });
  }
}
