import type { Clock, Source } from "../../engine/base/index.ts";
import type { EngineEvent, OperationDone, OperationStarted, Performed } from "../../engine/events.ts";
import type { Mined, Preconfirmation } from "../../engine/transactions/index.ts";
import { PHASES, PRECONFIRMED } from "../summary.ts";
import { BlockTimes } from "./block-times.ts";
import type { OperationPath, PathTransaction } from "./operation-path.ts";

/** An operation that is under way. */
interface OpenPath {
  readonly startedAt: number;
  preconfirmed?: number;
  /** Undefined until one is mined. */
  transactions?: Map<string, PathTransaction>;
}

/** Who is told of operations as they begin, end, or are refused. */
export interface PathListener {
  started(code: string, at: number): void;
  /** @param endedAt Unix milliseconds */
  ended(path: OperationPath, endedAt: number, performed: Performed): void;
}

/** Puts each operation's way together from what happens, and keeps none: only those under way are in its memory. */
export class PathRecorder {
  readonly #open = new Map<number, OpenPath>();
  readonly #blocks: BlockTimes;
  readonly #clock: Pick<Clock, "now">;
  readonly #listener: PathListener;

  /** @param blocks it fills with the times of all blocks that are read */
  constructor(clock: Pick<Clock, "now">, listener: PathListener, blocks: BlockTimes) {
    this.#clock = clock;
    this.#blocks = blocks;
    this.#listener = listener;
  }

  /** Takes what happens from now on. */
  follow(stream: Source<EngineEvent>): void {
    stream.subscribe("report", {
      block: (block) => this.#blocks.take(block),
      "operation started": (started) => this.#start(started),
      mined: (mined) => this.#mined(mined),
      "taken back": ({ transaction: { purpose }, receipt }) => {
        if (purpose.kind === "operation")
          this.#open.get(purpose.operation)?.transactions?.delete(receipt.hash);
      },
      preconfirmation: (one) => this.#preconfirmed(one),
      "operation done": (done) => this.#done(done),
    });
  }

  #start({ operation, code, at }: OperationStarted): void {
    this.#open.set(operation, { startedAt: at });
    this.#listener.started(code, at);
  }

  #mined({ transaction: { purpose, chain }, receipt }: Mined): void {
    if (purpose.kind !== "operation") return;
    const open = this.#open.get(purpose.operation);
    if (open === undefined) return;
    const { hash, blockNumber: block, succeeded } = receipt;
    open.transactions ??= new Map();
    open.transactions.set(hash, {
      what: purpose.note?.name ?? "own",
      chain,
      hash,
      block,
      blockTime: this.#blocks.of(chain, block),
      seen: this.#clock.now() - open.startedAt,
      ...(succeeded ? {} : { reverted: true }),
    });
  }

  #preconfirmed({ transaction: { purpose }, at }: Preconfirmation): void {
    if (purpose.kind !== "operation" || purpose.note !== undefined) return;
    const open = this.#open.get(purpose.operation);
    if (open !== undefined) open.preconfirmed = at - open.startedAt;
  }

  #done({ operation, chain: to, performed }: OperationDone): void {
    const open = this.#open.get(operation);
    if (open === undefined) return;
    this.#open.delete(operation);
    const { child, code, chain: from, outcome, receipt, gasEstimated } = performed;
    const why =
      outcome.kind === "failed"
        ? outcome.reason
        : outcome.kind === "abandoned"
          ? outcome.waitingFor
          : undefined;
    const path: OperationPath = {
      child,
      code,
      from,
      to,
      startedAt: open.startedAt,
      outcome: outcome.kind,
      gasUsed: receipt?.gasUsed ?? 0n,
      gasEstimated,
      phases: phasesOf(performed, open.preconfirmed),
      transactions: this.#transactions(open, performed),
      ...(why === undefined ? {} : { why }),
    };
    this.#listener.ended(path, this.#clock.now(), performed);
  }

  #transactions({ transactions = new Map(), startedAt }: OpenPath, performed: Performed): PathTransaction[] {
    const { hash, steps, chain, phases, passed = [] } = performed;
    const all = [...transactions.values()];
    // One that was given up, or that no node took, has its hash all the same.
    if (hash !== undefined && !transactions.has(hash)) all.push({ what: "own", chain, hash });
    for (const { at, by } of passed) {
      if (by === undefined) continue;
      all.push({ ...by, blockTime: this.#blocks.of(by.chain, by.block), seen: at - startedAt });
    }
    for (const { end } of steps) {
      if (end === undefined || !("payout" in end)) continue;
      const { kind, chain, hash, payout } = end;
      const what = kind === "paid" ? "payout" : kind;
      const { block } = payout;
      const blockTime = this.#blocks.of(chain, block);
      all.push({ what, chain, hash, block, blockTime, seen: phases.at(-1) });
    }
    return all;
  }
}

/** All phases that an operation reached, in the order of their times. */
function phasesOf(
  { phases, ownPhases = [] }: Performed,
  preconfirmed: number | undefined,
): OperationPath["phases"] {
  const [submitted, receipt, finished] = phases;
  const named: [string, number | undefined][] = [
    [PHASES[0], submitted],
    [PRECONFIRMED, preconfirmed],
    [PHASES[1], receipt],
    ...ownPhases.map(([name, since]): [string, number] => [name, since]),
    [PHASES[2], finished],
  ];
  return named.filter((one): one is [string, number] => one[1] !== undefined);
}
