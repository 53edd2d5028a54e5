import { objectOf, quantity, whole } from "./receipt.ts";

/** A transaction that a node has, and that is not mined. */
export interface WaitingTransaction {
  readonly nonce: number;
  readonly hash: string | undefined;
  /** Most that it pays. Wei per gas. */
  readonly price: bigint | undefined;
}

/**
 * Reads what `txpool_contentFrom` answers: transactions by nonce, those that could be mined and those that wait for another
 * one's nonce.
 *
 * @throws {MalformedAnswer}
 */
export function parseWaiting(answer: unknown): readonly WaitingTransaction[] {
  const { pending = {}, queued = {} } = objectOf(answer, "pool");
  return [pending, queued]
    .flatMap((part) => Object.values(objectOf(part, "part of the pool")))
    .map(waitingOf)
    .sort((a, b) => a.nonce - b.nonce);
}

function waitingOf(answer: unknown): WaitingTransaction {
  const { nonce, hash, maxFeePerGas, gasPrice } = objectOf(answer, "waiting transaction");
  const price = maxFeePerGas ?? gasPrice;
  return {
    nonce: whole(nonce, "nonce"),
    hash: typeof hash === "string" ? hash : undefined,
    price: price === undefined || price === null ? undefined : quantity(price, "price"),
  };
}
