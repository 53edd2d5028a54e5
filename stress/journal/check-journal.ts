import { type OpLogRecord, pairsOf } from "./parse-op-log.ts";

/** What a sound journal holds. */
export interface JournalFacts {
  readonly operations: number;
  /** Operation codes that occur, sorted. */
  readonly codes: readonly string[];
}

/**
 * Checks what every journal must be: each OP_START has one OP_DONE_ of the same code, and no child has two operations open. What a
 * killed run left open is as it must be once a recovery has brought everything back.
 *
 * @throws {Error} naming the child and the operation that break it
 */
export function checkJournal(records: readonly OpLogRecord[]): JournalFacts {
  const open = new Map<number, string>();
  const codes = new Set<string>();
  let operations = 0;
  for (const record of records) {
    if (record.record === "comment" && isRecovered(record.text)) open.clear();
    if (record.record === "start") {
      const other = open.get(record.child);
      if (other !== undefined)
        throw new Error(`child ${record.child} starts ${record.code} while ${other} is open`);
      open.set(record.child, record.code);
    }
    if (record.record !== "done") continue;
    if (open.get(record.child) !== record.code)
      throw new Error(`child ${record.child} ends ${record.code} unopened`);
    open.delete(record.child);
    codes.add(record.code);
    operations++;
  }
  const [left] = open;
  if (left !== undefined) throw new Error(`${left[1]} of child ${left[0]} was left open`);
  return { operations, codes: [...codes].sort() };
}

/** Whether a comment says that all runs before it were recovered. */
export function isRecovered(text: string): boolean {
  const pairs = pairsOf(text);
  return pairs.get("recovery") === "done" || pairs.get("books-closed") === "yes";
}
