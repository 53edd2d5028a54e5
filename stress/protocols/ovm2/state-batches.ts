import type { Clock, Source } from "../../engine/base/index.ts";
import type { BlockRead, ChainEvent } from "../../engine/chain/index.ts";
import {
  callContract,
  classifyRpcError,
  type Log,
  MalformedAnswer,
  type Node,
  type TxHash,
} from "../../engine/rpc/index.ts";
import { decodeEvent } from "../decode.ts";
import type { Passed } from "../protocol.ts";
import { BATCH_TOPICS } from "./batch-gas.ts";
import { ABI, type Contracts } from "./contracts.ts";
import { SLOW } from "./operation.ts";

/** State roots of L2 blocks, as they were appended to the SCC together. */
interface Batch {
  /** The last L2 block that it covers. */
  readonly upTo: number;
  readonly hash: TxHash;
  /** The L1 block that it is in, and its own time in Unix milliseconds. */
  readonly block: number;
  readonly timestamp: number | undefined;
  /** When it was seen, in Unix milliseconds. */
  readonly at: number;
  /** When L1 was seen to have come to the end of its fraud-proof window, and in which block. */
  end?: { readonly block: number; readonly at: number };
}

/** So many are remembered: those of two weeks, one a minute. */
const MOST = 20_000;

/** Milliseconds for which a state root may be disputed, after which what it proves may be relayed; undefined where the SCC does not tell. */
export async function readFraudProofWindow(l1: Node, { addresses }: Contracts): Promise<number | undefined> {
  try {
    const [seconds] = await callContract(l1, ABI.StateCommitmentChain, addresses.scc, "FRAUD_PROOF_WINDOW");
    return Number(seconds) * 1000;
  } catch (error) {
    if (classifyRpcError(error) === "own mistake") throw error;
    // A part of a report is no reason to keep a run from beginning.
    return undefined;
  }
}

/**
 * The last L2 block of a state batch: the first state root is that of block 1. Undefined where a node garbled it: a part of a report
 * is no reason to end a run.
 */
function lastBlockIn(log: Log): number | undefined {
  try {
    const event = decodeEvent(ABI.StateCommitmentChain, "StateBatchAppended", log);
    return Number(event["_prevTotalElements"]) + Number(event["_batchSize"]);
  } catch (error) {
    if (!(error instanceof MalformedAnswer)) throw error;
    return undefined;
  }
}

/** Follows what L1 is told of L2's state: what messages of L2 wait for before they are relayed. */
export class StateBatches {
  readonly #clock: Pick<Clock, "now">;
  readonly #scc: string;
  readonly #windowMs: number | undefined;
  /** In the order of the chain. */
  #batches: Batch[] = [];

  /** @param windowMs the fraud-proof window */
  constructor(
    stream: Source<ChainEvent>,
    clock: Pick<Clock, "now">,
    { addresses }: Contracts,
    windowMs: number | undefined,
  ) {
    this.#clock = clock;
    this.#scc = addresses.scc.toLowerCase();
    this.#windowMs = windowMs;
    stream.subscribe("bridge", {
      block: (read) => {
        if (read.chain === 1) this.#take(read);
      },
      reorganisation: ({ chain, commonBlock }) => {
        if (chain === 1) this.#takeBack(commonBlock);
      },
    });
  }

  /**
   * What a message has passed: its state root is on L1 ("provable"), and the slow way's fraud-proof window is over ("finalisable").
   *
   * @param block of L2, that it is in
   */
  passed(way: string, block: number): readonly Passed[] {
    // It arrived just now, most likely: looked for from the newest on.
    const before = this.#batches.findLastIndex(({ upTo }) => upTo < block);
    const batch = this.#batches[before + 1];
    if (batch === undefined) return [];
    const { at, end, hash } = batch;
    const by = { what: "state batch", chain: 1, hash, block: batch.block } as const;
    const provable = { phase: "provable", at, by };
    return way === SLOW && end !== undefined ? [provable, { phase: "finalisable", at: end.at }] : [provable];
  }

  #take({ block: { number: block, timestamp }, logs }: BlockRead): void {
    const at = this.#clock.now();
    for (const log of logs) {
      if (log.address !== this.#scc || log.topics[0] !== BATCH_TOPICS.scc) continue;
      const upTo = lastBlockIn(log);
      if (upTo !== undefined) this.#batches.push({ upTo, hash: log.transactionHash, block, timestamp, at });
    }
    if (this.#batches.length > MOST) this.#batches.splice(0, this.#batches.length - MOST);
    if (timestamp !== undefined) this.#endWindows(block, timestamp, at);
  }

  #endWindows(block: number, now: number, at: number): void {
    const window = this.#windowMs;
    if (window === undefined) return;
    for (const batch of this.#batches.slice(this.#firstOpen())) {
      if ((batch.timestamp ?? Number.POSITIVE_INFINITY) + window > now) return;
      batch.end = { block, at };
    }
  }

  /** Windows end in the order of their batches. */
  #firstOpen(): number {
    const last = this.#batches.findLastIndex(({ end }) => end !== undefined);
    return last + 1;
  }

  #takeBack(commonBlock: number): void {
    this.#batches = this.#batches.filter(({ block }) => block <= commonBlock);
    for (const batch of this.#batches) if ((batch.end?.block ?? 0) > commonBlock) delete batch.end;
  }
}
