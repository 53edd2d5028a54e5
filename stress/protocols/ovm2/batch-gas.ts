import type { BlockFacts } from "../../engine/chain/block-reader.ts";
import { ABI, type Contracts } from "./contracts.ts";
import { parseReceipt, type TxHash } from "../../engine/rpc/receipt.ts";
import type { Rpc } from "../../engine/rpc/rpc.ts";
import type { Watcher } from "../../engine/chain/watcher.ts";

/** Gas that batches of one kind took. */
export interface BatchFigures {
  batches: number;
  gasUsed: bigint;
  /** Wei paid for it. */
  fees: bigint;
}

const BLOCKS_BETWEEN_REPORTS = 10;

/** Adds up what the rollup's batch submitter spends on L1: sequencer batches to the CTC, state batches to the SCC. */
export class BatchGas {
  readonly ctc: BatchFigures = { batches: 0, gasUsed: 0n, fees: 0n };
  readonly scc: BatchFigures = { batches: 0, gasUsed: 0n, fees: 0n };
  readonly #rpc: Rpc;
  readonly #kinds: ReadonlyMap<string, BatchFigures>;
  readonly #say: (line: string) => void;
  readonly #open = new Set<Promise<void>>();
  #blocks = 0;
  #isClosed = false;

  constructor(watcher: Watcher, rpc: Rpc, { addresses }: Contracts, say: (line: string) => void) {
    this.#rpc = rpc;
    this.#say = say;
    const topic = (abi: "CanonicalTransactionChain" | "StateCommitmentChain", event: string): string =>
      ABI[abi].getEvent(event)?.topicHash ?? "";
    this.#kinds = new Map([
      [
        `${addresses.ctc.toLowerCase()} ${topic("CanonicalTransactionChain", "SequencerBatchAppended")}`,
        this.ctc,
      ],
      [`${addresses.scc.toLowerCase()} ${topic("StateCommitmentChain", "StateBatchAppended")}`, this.scc],
    ]);
    watcher.onBlock((facts) => this.#take(facts));
  }

  /** Takes no more batches up, and waits for the receipts still asked for. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(this.#open);
  }

  describe(): string {
    const one = (name: string, { batches, gasUsed }: BatchFigures): string =>
      `${name} ${gasUsed} gas in ${batches} batches (mean ${batches === 0 ? 0 : gasUsed / BigInt(batches)})`;
    return `Batch gas: ${one("CTC", this.ctc)}, ${one("SCC", this.scc)}`;
  }

  #take({ logs }: BlockFacts): void {
    if (this.#isClosed) return;
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
      const receipt = parseReceipt(await this.#rpc.send("eth_getTransactionReceipt", [hash]));
      if (receipt === undefined) return;
      figures.batches++;
      figures.gasUsed += receipt.gasUsed;
      figures.fees += receipt.gasFee + receipt.l1Fee;
    } catch (error) {
      // A figure for the report, not worth ending a run for; the missing batch shows in the count.
      this.#say(`WARNING no receipt of batch ${hash}: ${String(error)}`);
    }
  }
}
