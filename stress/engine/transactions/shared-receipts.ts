import type { Log, Receipt } from "../rpc/index.ts";
import type { SentTransaction } from "./sent-transaction.ts";

/** Contracts and kinds of events that are known at most: of more than that most would come once. */
const MOST_KNOWN = 1000;

/**
 * Receipts whose texts are in memory once. Every answer brings copies of the same hashes, contracts and kinds of events; those of tens
 * of thousands of transactions that are not buried, or whose crossings are followed, are a fifth of what these take.
 */
export class SharedReceipts {
  readonly #known = new Map<string, string>();

  /** @param blockHash of the block that it was read with */
  share(receipt: Receipt, { versions }: SentTransaction, blockHash: string): Receipt {
    const version = versions.find(({ hash }) => hash === receipt.hash);
    const hash = version?.hash ?? receipt.hash;
    return {
      hash,
      blockNumber: receipt.blockNumber,
      blockHash: receipt.blockHash === blockHash ? blockHash : receipt.blockHash,
      succeeded: receipt.succeeded,
      gasUsed: receipt.gasUsed === version?.gasLimit ? version.gasLimit : receipt.gasUsed,
      gasFee: receipt.gasFee,
      fees: receipt.fees,
      // Most have none, and share that.
      logs: receipt.logs.length === 0 ? receipt.logs : receipt.logs.map((log) => this.#log(log, hash)),
    };
  }

  #log(log: Log, hash: Log["transactionHash"]): Log {
    return {
      address: this.#once(log.address),
      topics: log.topics.map((topic, at) => (at === 0 ? this.#once(topic) : topic)),
      data: log.data,
      blockNumber: log.blockNumber,
      transactionHash: log.transactionHash === hash ? hash : log.transactionHash,
      logIndex: log.logIndex,
    };
  }

  #once(text: string): string {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    if (this.#known.size < MOST_KNOWN) this.#known.set(text, text);
    return text;
  }
}
