import type { Chain } from "../../engine/base/index.ts";
import { type OpLogRecord, pairsOf } from "../../journal/parse-op-log.ts";
import { PHASES, Summary } from "../summary.ts";
import type { OperationPath, PathTransaction } from "./operation-path.ts";
import { Recording } from "./recording.ts";

/** An operation that has its OP_START. */
interface OpenRecord {
  readonly code: string;
  readonly from: Chain;
  readonly at: number;
  readonly transactions: PathTransaction[];
  why?: string;
  isAbandoned?: boolean;
}

/** Comments that tell what became of a transaction that another line has already. */
const FATES = new Set(["replaced", "taken-back", "mined-again", "refused", "funder", "filler", "recovered"]);

/** What a run's part of op.log says, replayed record by record: no more of it is in memory than a result has. */
export class JournalReplay {
  readonly recording = new Recording();
  readonly summary = new Summary();
  /** Pairs of the comments that tell of the run: `scenario`, `target`, `seed`. */
  readonly facts = new Map<string, string>();
  readonly #open = new Map<number, OpenRecord>();
  children = 0;
  performed = 0;
  failed = 0;
  abandoned = 0;
  /** Unix milliseconds; undefined before the first operation. */
  firstAt: number | undefined;
  lastAt: number | undefined;
  /** How the log says that the run ended; undefined where it does not. */
  ended: "clean" | "dirty" | undefined;

  take(record: OpLogRecord): void {
    this.summary.add(record);
    switch (record.record) {
      case "init":
        this.children++;
        return;
      case "start": {
        const { child, code, chain: from, at } = record;
        this.firstAt ??= at;
        this.lastAt = Math.max(this.lastAt ?? at, at);
        this.#open.set(child, { code, from, at, transactions: [] });
        this.recording.started(code, at);
        return;
      }
      case "watch": {
        const open = this.#open.get(record.child);
        if (open === undefined || record.hash === undefined) return;
        open.transactions.push({ what: "own", chain: open.from, hash: record.hash });
        return;
      }
      case "done":
        this.#done(record);
        return;
      case "comment":
        this.#comment(record.text);
    }
  }

  /** Operations that have no OP_DONE_. */
  get left(): number {
    return this.#open.size;
  }

  #comment(text: string): void {
    if (text.startsWith("Clean exit at ")) this.ended = "clean";
    if (text.startsWith("Dirty shutdown at ")) this.ended = "dirty";
    const pairs = pairsOf(text);
    const [[what = "", code] = []] = pairs;
    if (what === "scenario") for (const [key, value] of pairs) this.facts.set(key, value);
    const open = this.#open.get(Number(pairs.get("child") ?? Number.NaN));
    if (open === undefined || open.code !== code || FATES.has(what)) return;
    if (what === "failed" || what === "abandoned") {
      open.why = pairs.get("reason") ?? pairs.get("waiting-for") ?? what;
      open.isAbandoned = what === "abandoned";
      return;
    }
    const hash = pairs.get("tx");
    if (hash !== undefined) open.transactions.push({ what, hash });
  }

  #done({
    child,
    code,
    chain: to,
    succeeded,
    gasUsed,
    gasEstimated,
    phases,
  }: OpLogRecord & { record: "done" }): void {
    const open = this.#open.get(child);
    if (open === undefined || open.code !== code) return;
    this.#open.delete(child);
    const { from, at: startedAt, transactions, why, isAbandoned = false } = open;
    const outcome = succeeded ? "succeeded" : isAbandoned ? "abandoned" : "failed";
    this.performed++;
    if (outcome === "failed") this.failed++;
    if (outcome === "abandoned") this.abandoned++;
    const path: OperationPath = {
      child,
      code,
      from,
      to,
      startedAt,
      outcome,
      gasUsed,
      gasEstimated,
      transactions,
      phases: phases.map((ms, place): [string, number] => [PHASES[place] ?? `phase ${place + 1}`, ms]),
      ...(why === undefined ? {} : { why }),
    };
    const endedAt = startedAt + (phases.at(-1) ?? 0);
    this.lastAt = Math.max(this.lastAt ?? endedAt, endedAt);
    this.recording.ended(path, endedAt);
  }
}
