import { type Chain, type PerChain, perChain } from "../base/index.ts";
import { highestPrice } from "./fees.ts";
import type { SentTransaction, SignedVersion } from "./sent-transaction.ts";

/** Most wei that a version takes, what is charged for its data left out. */
const mostOf = ({ plan, gasLimit, fees }: SignedVersion): bigint =>
  plan.value + gasLimit * highestPrice(fees);

/** What accounts have committed by transactions that are sent and not mined: the books know of it when it is mined. Wei. */
export class Outlays {
  readonly #sums: PerChain<Map<string, bigint>> = perChain(() => new Map<string, bigint>());
  readonly #each = new Map<SentTransaction, bigint>();

  of(account: string, chain: Chain): bigint {
    return this.#sums[chain].get(account) ?? 0n;
  }

  /** A transaction may take what this version of it takes. */
  set(transaction: SentTransaction, version: SignedVersion): void {
    const most = mostOf(version);
    this.#add(transaction, most - (this.#each.get(transaction) ?? 0n));
    this.#each.set(transaction, most);
  }

  /** It is mined, or waited for no longer. */
  delete(transaction: SentTransaction): void {
    this.#add(transaction, -(this.#each.get(transaction) ?? 0n));
    this.#each.delete(transaction);
  }

  #add({ account, chain }: SentTransaction, wei: bigint): void {
    const sum = this.of(account.address, chain) + wei;
    if (sum === 0n) this.#sums[chain].delete(account.address);
    else this.#sums[chain].set(account.address, sum);
  }
}
