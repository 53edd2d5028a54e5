import type { Chain } from "../../../stress/engine/base/index.ts";
import type { NodeWord, TxHash } from "../../../stress/engine/rpc/index.ts";
import type { Dice } from "./dice.ts";
import { DATA_FEE } from "./fees.ts";
import type { Hazards } from "./hazards.ts";
import { readSigned, type Signed } from "./signed.ts";
import type { ChainState } from "./state.ts";

/** What a node says of a transaction that it does not take. */
export class Refused extends Error {
  override readonly name = "Refused";
  readonly means: NodeWord;

  constructor(means: NodeWord) {
    super(means);
    this.means = means;
  }
}

/** A transaction that waits, and since when. Unix milliseconds. */
interface Waiting {
  readonly signed: Signed;
  readonly since: number;
}

/** Part of those that could be mined that a block leaves for later. */
const LEFT = 0.1;

/** A chain's transactions that wait for their block. */
export class TransactionPool {
  readonly #chain: Chain;
  readonly #dice: Dice;
  readonly #hazards: Hazards;
  readonly #waiting = new Map<TxHash, Waiting>();
  readonly #read = new Map<string, Signed>();

  constructor(chain: Chain, dice: Dice, hazards: Hazards) {
    this.#chain = chain;
    this.#dice = dice;
    this.#hazards = hazards;
  }

  /** Reads a transaction that is handed in, perhaps not for the first time. */
  read(raw: string): Signed {
    const signed = this.#read.get(raw) ?? readSigned(raw);
    this.#read.set(raw, signed);
    return signed;
  }

  /** What the chain takes for a transaction's data. Wei. */
  get dataFee(): bigint {
    return this.#chain === 2 ? DATA_FEE : 0n;
  }

  /** Wei that a transaction can cost at most. */
  mostCost({ value, gasLimit, most }: Signed): bigint {
    return value + gasLimit * most + this.dataFee;
  }

  /**
   * A transaction that waits.
   *
   * @param before as a node knows it that hears of what came after this time only later. Unix milliseconds
   */
  get(hash: TxHash, before: number): Signed | undefined {
    const found = this.#waiting.get(hash);
    return found === undefined || found.since > before ? undefined : found.signed;
  }

  /**
   * Takes a transaction, by what a node knows of the chain.
   *
   * @param now Unix milliseconds
   * @throws {Refused}
   */
  take(signed: Signed, state: ChainState, baseFee: bigint, now: number): void {
    const { hash, from, nonce, most } = signed;
    if (this.#waiting.has(hash)) throw new Refused("already known");
    if (nonce < state.nonce(from)) throw new Refused("nonce too low");
    if (most < baseFee) throw new Refused("fee too low");
    if (state.balance(from) < this.mostCost(signed)) throw new Refused("insufficient funds");
    const same = [...this.#waiting.values()].find(
      (one) => one.signed.from === from && one.signed.nonce === nonce,
    );
    if (same !== undefined && most * 10n < same.signed.most * 11n) throw new Refused("fee too low");
    if (same !== undefined) this.#waiting.delete(same.signed.hash);
    this.put(signed, now);
  }

  put(signed: Signed, now: number): void {
    this.#waiting.set(signed.hash, { signed, since: now });
  }

  /** The nonce after all that an account has in blocks and, without a gap, here: as far as it was heard of before this time. */
  pendingNonce(account: string, state: ChainState, before: number): number {
    let next = state.nonce(account);
    const heard = [...this.#waiting.values()].filter(({ since }) => since <= before);
    const nonces = new Set(
      heard.filter(({ signed }) => signed.from === account).map(({ signed }) => signed.nonce),
    );
    while (nonces.has(next)) next++;
    return next;
  }

  /** Takes out what can be mined now, each account's in the order of its nonces. Some is left for later, some forgotten. */
  choose(state: ChainState, baseFee: bigint): Signed[] {
    const chosen: Signed[] = [];
    const next = new Map<string, number>();
    const sorted = [...this.#waiting.values()].map(({ signed }) => signed).sort((a, b) => a.nonce - b.nonce);
    for (const signed of sorted) {
      const { hash, from, nonce, most } = signed;
      const wanted = next.get(from) ?? state.nonce(from);
      // As geth does (`demoteUnexecutables`): what its sender cannot pay does not wait until he can.
      const isPaid = state.balance(from) >= this.mostCost(signed);
      if (nonce < wanted || !isPaid || this.#hazards.strike("forgotten") !== undefined) {
        this.#waiting.delete(hash);
        continue;
      }
      if (nonce !== wanted || most < baseFee || this.#dice.chance(LEFT)) continue;
      next.set(from, nonce + 1);
      this.#waiting.delete(hash);
      chosen.push(signed);
    }
    return chosen;
  }
}
