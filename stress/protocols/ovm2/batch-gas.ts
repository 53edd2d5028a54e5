import { reasonOf, type Source } from "../../engine/base/index.ts";
import type { ChainEvent } from "../../engine/chain/index.ts";
import { classifyRpcError, costOf, type Log, type Node, type TxHash } from "../../engine/rpc/index.ts";
import { ABI, type Contracts } from "./contracts.ts";
import { topicOf } from "../decode.ts";

/** Gas that batches of one kind took. */
export interface BatchFigures {
  batches: number;
  gasUsed: bigint;
  /** Wei paid for it. */
  fees: bigint;
}

const BLOCKS_BETWEEN_REPORTS = 10;

/** The events by which batches are noticed on L1. */
export const BATCH_TOPICS = {
  ctc: topicOf(ABI.CanonicalTransactionChain, "SequencerBatchAppended"),
  scc: topicOf(ABI.StateCommitmentChain, "StateBatchAppended"),
} as const;

/** Adds up what the rollup's batch submitter spends on L1: sequencer batches to the CTC, state batches to the SCC. */
export class BatchGas {
  readonly ctc: BatchFigures = { batches: 0, gasUsed: 0n, fees: 0n };
  readonly scc: BatchFigures = { batches: 0, gasUsed: 0n, fees: 0n };
  readonly #node: Node;
  readonly #kinds: ReadonlyMap<string, BatchFigures>;
  readonly #say: (line: string) => void;
  readonly #open = new Set<Promise<void>>();
  readonly #unsubscribe: () => void;
  #blocks = 0;

  /** @param say is told of the figures every ten blocks */
  constructor(stream: Source<ChainEvent>, node: Node, { addresses }: Contracts, say: (line: string) => void) {
    this.#node = node;
    this.#say = say;
    this.#kinds = new Map([
      [`${addresses.ctc.toLowerCase()} ${BATCH_TOPICS.ctc}`, this.ctc],
      [`${addresses.scc.toLowerCase()} ${BATCH_TOPICS.scc}`, this.scc],
    ]);
    this.#unsubscribe = stream.subscribe("bridge", {
      block: ({ chain, logs }) => {
        if (chain === 1) this.#take(logs);
      },
    });
  }

  /** Takes no more batches up, and waits for the receipts still asked for. */
  async close(): Promise<void> {
    this.#unsubscribe();
    await Promise.all(this.#open);
  }

  describe(): string {
    const one = (name: string, { batches, gasUsed }: BatchFigures): string =>
      `${name} ${gasUsed} gas in ${batches} batches (mean ${batches === 0 ? 0 : gasUsed / BigInt(batches)})`;
    return `Batch gas: ${one("CTC", this.ctc)}, ${one("SCC", this.scc)}`;
  }

  #take(logs: readonly Log[]): void {
    for (const { address, topics, transactionHash } of logs) {
      const figures = this.#kinds.get(`${address} ${topics[0]}`);
      if (figures === undefined) continue;
      const adding = this.#add(figures, transactionHash).finally(() => this.#open.delete(adding));
      this.#open.add(adding);
    }
    this.#blocks++;
    if (this.#blocks % BLOCKS_BETWEEN_REPORTS === 0) this.#say(this.describe());
  }

  async #add(figures: BatchFigures, hash: TxHash): Promise<void> {
    try {
      const receipt = await this.#node.receipt(hash);
      if (receipt === undefined) return;
      figures.batches++;
      figures.gasUsed += receipt.gasUsed;
      figures.fees += costOf(receipt);
    } catch (error) {
      if (classifyRpcError(error) === "own mistake") throw error;
      // A figure for the report, not worth ending a run for; the missing batch shows in the count.
      this.#say(`WARNING no receipt of batch ${hash}: ${reasonOf(error)}`);
    }
  }
}
