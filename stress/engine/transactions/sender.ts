import { type Chain, type Clock, type PerChain, type Publisher, reasonOf } from "../base/index.ts";
import { classifyRpcError, isTransient, retryAfter, type RpcFailure, type TxHash } from "../rpc/index.ts";
import type { TransactionEvent } from "./events.ts";
import { type Impossible, whyImpossible } from "./impossible.ts";
import { NotSubmitted, type SentTransaction } from "./sent-transaction.ts";
import type { SubmitterChain } from "./submitter-chain.ts";

/** Attempts to learn whether a chain took a transaction. */
const SEND_ATTEMPTS = 6;

/** The pause before the first repetition; it doubles. Milliseconds. */
const FIRST_PAUSE_MS = 200;

/** Sends signed transactions until a node has them. */
export class Sender {
  readonly #chains: PerChain<SubmitterChain>;
  readonly #stream: Publisher<TransactionEvent>;
  readonly #clock: Clock;

  constructor(chains: PerChain<SubmitterChain>, stream: Publisher<TransactionEvent>, clock: Clock) {
    this.#chains = chains;
    this.#stream = stream;
    this.#clock = clock;
  }

  /**
   * Sends it, no longer than until it is mined: a block may tell before the node has answered, with a hundred others.
   *
   * @throws {NotSubmitted} where the chain's state says the same as the node that refused it
   */
  async sendUntilMined(
    transaction: SentTransaction,
    raw: string,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const sending = this.#send(transaction, raw, signal);
    await Promise.race([sending, transaction.changes()]);
    if (transaction.state.at === "waiting") return;
    sending.catch((error: unknown) => {
      if (classifyRpcError(error) === "own mistake") this.#stream.publish({ kind: "fault", error });
    });
  }

  /**
   * Sends the same bytes until a node has them. What a node refuses may have been mined, or be on its way by another node: it
   * is in doubt, and looked for from now on.
   */
  async #send(transaction: SentTransaction, raw: string, signal: AbortSignal | undefined): Promise<void> {
    const { chain } = transaction;
    const { node } = this.#chains[chain];
    for (let attempt = 1; attempt <= SEND_ATTEMPTS; attempt++) {
      try {
        await node.sendRaw(raw);
        return;
      } catch (error) {
        const failure = classifyRpcError(error);
        if (failure === "own mistake") throw error;
        if (transaction.state.at === "mined") return;
        if (failure === "already known" || (await this.#isKnown(chain, transaction.hash))) return;
        if (failure === "no room") this.#stream.publish({ kind: "crowded", transaction });
        if (!isTransient(failure)) {
          await this.#weigh(transaction, failure, error);
          break;
        }
        if (attempt === SEND_ATTEMPTS || signal?.aborted === true) break;
        await this.#pause(attempt, signal, retryAfter(error));
        node.traffic.repeated();
      }
    }
    this.#stream.publish({ kind: "doubted", transaction });
  }

  /** @throws {NotSubmitted} where the chain's state says the same as the node that refused it */
  async #weigh(transaction: SentTransaction, failure: RpcFailure, refusal: unknown): Promise<void> {
    const { chain } = transaction;
    let why: Impossible | undefined;
    try {
      why = await whyImpossible(this.#chains[chain], transaction);
    } catch (error) {
      if (classifyRpcError(error) === "own mistake") throw error;
      // What cannot be asked now is asked when it is looked for.
    }
    if (why === undefined) return;
    // Whatever words the node had: a nonce that is used is not to be taken again.
    const known = why === "nonce used" ? "nonce too low" : failure;
    throw new NotSubmitted(known, reasonOf(refusal), { cause: refusal });
  }

  /** Whether the chain has a transaction that no node said it took. */
  async #isKnown(chain: Chain, hash: TxHash): Promise<boolean> {
    try {
      return await this.#chains[chain].node.isKnown(hash);
    } catch (error) {
      if (classifyRpcError(error) === "own mistake") throw error;
      // Whatever the endpoint answered, it is not what was asked: the bytes are sent once more.
      return false;
    }
  }

  /** Longer from attempt to attempt, and as long as the endpoint wants (ms); a signal cuts it short. */
  #pause(attempt: number, signal: AbortSignal | undefined, atLeast: number): Promise<void> {
    return this.#clock.sleep(Math.max(atLeast, FIRST_PAUSE_MS * 2 ** (attempt - 1)), signal);
  }
}
