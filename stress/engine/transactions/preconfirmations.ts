import type { Chain, Clock, Publisher, Source } from "../base/index.ts";
import { BURIED, type BlockRead, type ChainEvent } from "../chain/index.ts";
import type { Receipt, TxHash } from "../rpc/index.ts";
import { type EarlyReceipt, EarlyReceipts } from "./early-receipts.ts";
import type { BecameOfPreconfirmation, Mined, TransactionEvent } from "./events.ts";
import type { SentTransaction } from "./sent-transaction.ts";
import type { SubmitterChain } from "./submitter-chain.ts";

/**
 * Follows what a chain's nodes answer of transactions before there is a block, and tells of each what became of it. It is
 * measured, and nothing else: nobody settles anything by it.
 *
 * A chain is taken to give preconfirmations once a block came out with another hash than an early receipt had named: until
 * then it may have been a node that is ahead of the one that told the head.
 */
export class Preconfirmations {
  readonly #chain: Chain;
  readonly #readTo: () => number;
  readonly #stream: Publisher<TransactionEvent>;
  readonly #early: EarlyReceipts;
  readonly #promised = new Map<TxHash, EarlyReceipt>();
  #isProven = false;

  constructor(
    chain: Chain,
    { node, watcher }: Pick<SubmitterChain, "node" | "watcher">,
    stream: Source<ChainEvent | TransactionEvent> & Publisher<TransactionEvent>,
    clock: Clock,
  ) {
    this.#chain = chain;
    this.#readTo = () => watcher.readTo;
    this.#stream = stream;
    this.#early = new EarlyReceipts({
      chain: { node, watcher },
      clock,
      stream,
      isProven: () => this.#isProven,
      found: (early) => this.#take(early),
    });
    stream.subscribe("preconfirmations", {
      signed: ({ transaction }) => this.#ask(transaction, transaction.hash),
      replaced: ({ transaction, by }) => this.#ask(transaction, by),
      mined: (mined) => this.#judge(mined),
      block: (block) => this.#giveUpBy(block),
      // What it takes back is told as that; what was promised on top of it cannot be kept.
      reorganisation: (one) => {
        if (one.chain === chain) this.#promised.clear();
      },
    });
  }

  /** Tells of those whose block was read without them, as the run ends: they are waited for no longer. */
  conclude(): void {
    this.#giveUp(this.#readTo());
  }

  close(): Promise<void> {
    return this.#early.close();
  }

  #ask(transaction: SentTransaction, hash: TxHash): void {
    if (transaction.chain === this.#chain) this.#early.ask(transaction, hash);
  }

  #take(early: EarlyReceipt): void {
    // Its block may have been read while the head was asked for.
    if (early.transaction.state.at !== "mined") this.#promised.set(early.receipt.hash, early);
  }

  #judge({ transaction, receipt }: Mined): void {
    if (transaction.chain !== this.#chain) return;
    for (const { hash } of transaction.versions) {
      this.#early.forget(hash);
      const early = this.#promised.get(hash);
      if (early === undefined) continue;
      this.#isProven ||= hash === receipt.hash && early.receipt.blockHash !== receipt.blockHash;
      this.#tell(early, hash === receipt.hash ? becameOf(early.receipt, receipt) : { is: "gone" });
    }
  }

  /** Receipts may be told behind their blocks: patience costs nothing. */
  #giveUpBy({ chain, block }: BlockRead): void {
    if (chain === this.#chain) this.#giveUp(block.number - BURIED);
  }

  #giveUp(block: number): void {
    for (const early of this.#promised.values()) {
      if (early.receipt.blockNumber <= block) this.#tell(early, { is: "gone" });
    }
  }

  #tell({ transaction, receipt, at }: EarlyReceipt, became: BecameOfPreconfirmation): void {
    const { hash, blockNumber: block } = receipt;
    this.#promised.delete(hash);
    if (!this.#isProven) return;
    this.#stream.publish({ kind: "preconfirmation", transaction, hash, block, at, became });
  }
}

function becameOf(early: Receipt, { blockNumber, succeeded }: Receipt): BecameOfPreconfirmation {
  if (early.blockNumber !== blockNumber) return { is: "another block", block: blockNumber };
  return early.succeeded === succeeded ? { is: "kept" } : { is: "another status", succeeded };
}
