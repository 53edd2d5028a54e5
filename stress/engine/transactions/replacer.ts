import type { PerChain, Publisher } from "../base/index.ts";
import { classifyRpcError, isTransient } from "../rpc/index.ts";
import type { TransactionEvent } from "./events.ts";
import { feesAt, highestPrice, replacementFees } from "./fees.ts";
import type { SentTransaction, SignedVersion } from "./sent-transaction.ts";
import { atHigherPrice, signVersion } from "./signing.ts";
import type { SubmitterChain } from "./submitter-chain.ts";
import type { Transactions } from "./transactions.ts";

/** A replacement pays at most this many times what the chain asks now. */
const MOST_TIMES_PRICE = 10n;

/** Why a transaction is replaced: it cannot be mined at its price, or it waits for long though it could. */
export type WhyReplaced = "too cheap" | "late";

/** Replaces transactions by the same with a higher fee and the same nonce. */
export class Replacer {
  readonly #chains: PerChain<SubmitterChain>;
  readonly #transactions: Transactions;
  readonly #stream: Publisher<TransactionEvent>;

  constructor(
    chains: PerChain<SubmitterChain>,
    transactions: Transactions,
    stream: Publisher<TransactionEvent>,
  ) {
    this.#chains = chains;
    this.#transactions = transactions;
    this.#stream = stream;
  }

  /**
   * Sends the same with a higher fee, where that is of use.
   *
   * @param onSigned called once the replacement is told to everybody, before it is sent
   * @throws what an endpoint answered that says nothing of the transaction: both versions are watched then
   */
  async replace(transaction: SentTransaction, why: WhyReplaced, onSigned: () => void): Promise<void> {
    const { watcher, chainId } = this.#chains[transaction.chain];
    const { account, nonce, version } = transaction;
    if (!(await this.#mayBeReplaced(transaction, why))) return;
    const fees = replacementFees(version.fees, watcher.head, version.plan.exactGasPrice !== undefined);
    if (highestPrice(fees) > MOST_TIMES_PRICE * highestPrice(feesAt(watcher.head))) return;
    const plan = atHigherPrice(version, fees);
    if (plan === undefined || transaction.state.at !== "waiting") return;
    const { gasLimit } = version;
    const replacement = signVersion(account, plan, { chainId, nonce, gasLimit, fees });
    transaction.add(replacement);
    this.#transactions.register(transaction, replacement);
    this.#stream.publish({ kind: "replaced", transaction, hash: version.hash, by: replacement.hash });
    await this.#stream.kept();
    onSigned();
    await this.#send(transaction, version, replacement);
  }

  async #send(
    transaction: SentTransaction,
    before: SignedVersion,
    replacement: SignedVersion & { readonly raw: string },
  ): Promise<void> {
    try {
      await this.#chains[transaction.chain].node.sendRaw(replacement.raw);
    } catch (error) {
      const failure = classifyRpcError(error);
      // An answer that got lost may have been a yes: both versions are watched.
      if (isTransient(failure) || failure === "own mistake") throw error;
      if (failure !== "already known" && transaction.state.at === "waiting") {
        this.#transactions.setAside(transaction, replacement);
        // The journal must not go on naming a transaction that is not to be expected.
        this.#stream.publish({ kind: "replaced", transaction, hash: replacement.hash, by: before.hash });
        return;
      }
    }
    this.#stream.publish({ kind: "resent", transaction, how: "replaced" });
  }

  /** One behind another waits for that one, and not for its fee, unless that is too low in itself. */
  async #mayBeReplaced({ account, chain, nonce }: SentTransaction, why: WhyReplaced): Promise<boolean> {
    const mined = await this.#chains[chain].node.transactionCount(account.address);
    return mined === nonce || (why === "too cheap" && mined < nonce);
  }
}
