import { type OpLogRecord, pairsOf } from "./parse-op-log.ts";

/** What a sound journal holds. */
export interface JournalFacts {
  readonly operations: number;
  /** Operation codes that occur, sorted. */
  readonly codes: readonly string[];
}

/**
 * Checks what every journal must be, record by record: each OP_START has one OP_DONE_ of the same code, and no child has two operations
 * open. What a killed run left open is as it must be once a recovery has brought everything back.
 */
export class JournalCheck {
  readonly #open = new Map<number, string>();
  readonly #codes = new Set<string>();
  #operations = 0;

  /** @throws {Error} naming the child and the operation that break it */
  take(record: OpLogRecord): void {
    if (record.record === "comment" && isRecovered(record.text)) this.#open.clear();
    if (record.record === "start") {
      const other = this.#open.get(record.child);
      if (other !== undefined)
        throw new Error(`child ${record.child} starts ${record.code} while ${other} is open`);
      this.#open.set(record.child, record.code);
    }
    if (record.record !== "done") return;
    if (this.#open.get(record.child) !== record.code)
      throw new Error(`child ${record.child} ends ${record.code} unopened`);
    this.#open.delete(record.child);
    this.#codes.add(record.code);
    this.#operations++;
  }

  /** @throws {Error} naming an operation that is left open */
  end(): JournalFacts {
    const [left] = this.#open;
    if (left !== undefined) throw new Error(`${left[1]} of child ${left[0]} was left open`);
    return { operations: this.#operations, codes: [...this.#codes].sort() };
  }
}

/** The same of records that are all there. */
export function checkJournal(records: readonly OpLogRecord[]): JournalFacts {
  const check = new JournalCheck();
  for (const record of records) check.take(record);
  return check.end();
}

/** Whether a comment says that all runs before it were recovered. */
export function isRecovered(text: string): boolean {
  const pairs = pairsOf(text);
  return pairs.get("recovery") === "done" || pairs.get("books-closed") === "yes";
}
