import { id, ZeroHash } from "ethers";
import type { Chain } from "../../../stress/engine/base/index.ts";
import type { TxHash } from "../../../stress/engine/rpc/index.ts";
import type { FakeLog } from "../../fakes/chain.ts";
import type { Call, Place } from "./call.ts";
import type { Dice } from "./dice.ts";
import { CALL_GAS, COINBASE } from "./fees.ts";
import type { Hazards } from "./hazards.ts";
import { TransactionPool } from "./pool.ts";
import type { Service, Services } from "./service.ts";
import { priceAt, type Signed } from "./signed.ts";
import type { ChainState } from "./state.ts";

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
  /** Where receipts tell. */
  readonly type?: string;
}

export interface SimBlock<S extends ChainState = ChainState> {
  readonly number: number;
  readonly hash: string;
  readonly parentHash: string;
  /** Unix milliseconds. */
  readonly at: number;
  /** Unix seconds: no two blocks of L1 have the same. */
  readonly timestamp: number;
  readonly baseFee: bigint;
  readonly transactions: readonly MinedTransaction[];
  /** After the block. */
  readonly state: S;
}

/** The truth: one chain with its transaction pool. No node stands between it and who asks it here. */
export class SimChain<S extends ChainState = ChainState> {
  readonly chain: Chain;
  readonly chainId: bigint;
  readonly blocks: SimBlock<S>[] = [];
  readonly pool: TransactionPool;
  /** Every client's transaction that was ever in a block of the chain, also of one that is gone. */
  readonly everMined = new Set<TxHash>();
  baseFee = GWEI;
  readonly #dice: Dice;
  #branch = 0;

  /** @param at when its first block is. Unix milliseconds */
  constructor(chain: Chain, genesis: S, at: number, dice: Dice, hazards: Hazards) {
    this.chain = chain;
    this.chainId = BigInt(31_337 + chain);
    this.#dice = dice;
    this.pool = new TransactionPool(chain, dice, hazards);
    this.#append(genesis, [], at, this.#timeOf(at));
  }

  get head(): SimBlock<S> {
    const head = this.blocks.at(-1);
    if (head === undefined) throw new Error("a chain has a first block");
    return head;
  }

  /** Mines a block of what is in the pool, and of what services do. */
  mine(at: number, { first = [], last = [] }: Services<S>): void {
    const timestamp = this.#timeOf(at);
    const place = { chain: this.chain, block: this.head.number + 1, at, timestamp };
    const state = this.head.state.copy();
    state.begin(place);
    const mined = first.flatMap((service) => this.#serve(state, place, service) ?? []);
    let now = state;
    for (const signed of this.pool.choose(state, this.baseFee)) {
      const done = this.#execute(now, place, signed);
      if (done === undefined) continue;
      now = done.state;
      mined.push(done.mined);
      this.everMined.add(signed.hash);
    }
    mined.push(...last.flatMap((service) => this.#serve(now, place, service) ?? []));
    this.#append(now, mined, at, timestamp);
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

  /** undefined where there was nothing for the service to do. */
  #serve(state: S, place: Place, service: Service<S>): MinedTransaction | undefined {
    const logs = service.run(state, place);
    if (logs === undefined) return undefined;
    const { call, type, label, hash = id(`${label} ${place.block} ${this.#branch}`) as TxHash } = service;
    const mined = { ...call, hash, succeeded: true, gasUsed: CALL_GAS, price: 0n, logs, signed: undefined };
    return type === undefined ? mined : { ...mined, type };
  }

  /** undefined where its sender cannot pay it any more: it is dropped, as nodes do. */
  #execute(state: S, place: Place, signed: Signed): { state: S; mined: MinedTransaction } | undefined {
    const { from, to, data, value, nonce, hash } = signed;
    if (state.balance(from) < this.pool.mostCost(signed)) return undefined;
    const call: Call = { from, to, data, value };
    const price = priceAt(signed, this.baseFee);
    const gasUsed = state.gasOf(call);
    state.nonces.set(from, nonce + 1);
    state.move(from, COINBASE, gasUsed * price + this.pool.dataFee);
    const attempt = state.copy();
    attempt.move(from, to, value);
    const logs = attempt.execute(place, call);
    const succeeded = logs !== undefined;
    const mined = { ...call, hash, succeeded, gasUsed, price, logs: logs ?? [], signed };
    return { state: succeeded ? attempt : state, mined };
  }

  /** Unix seconds of a block at this time. */
  #timeOf(at: number): number {
    const before = this.blocks.at(-1)?.timestamp ?? 0;
    return Math.max(Math.floor(at / 1000), this.chain === 1 ? before + 1 : before);
  }

  #append(state: S, transactions: readonly MinedTransaction[], at: number, timestamp: number): void {
    const number = this.blocks.length;
    const parentHash = this.blocks.at(-1)?.hash ?? ZeroHash;
    const hash = id(`${this.chain} ${number} ${this.#branch} ${parentHash}`);
    this.blocks.push({ number, hash, parentHash, at, timestamp, baseFee: this.baseFee, transactions, state });
  }
}
