// `node tools/check-journal.ts [op.log]`: whether a journal holds only records of the format, each OP_START has its one
// OP_DONE_, and the last run ended cleanly. Exit code 1 where not.
import { JournalCheck } from "../stress/journal/check-journal.ts";
import { journalLines } from "../stress/journal/journal-lines.ts";
import { type OpLogRecord, parsedLines } from "../stress/journal/parse-op-log.ts";

const path = process.argv[2] ?? "logs/op.log";
try {
  const check = new JournalCheck();
  let last: OpLogRecord | undefined;
  for await (const record of parsedLines(journalLines(path))) {
    check.take(record);
    last = record;
  }
  if (last === undefined) throw new Error("there is no such file, or nothing in it");
  const { operations, codes } = check.end();
  if (last.record !== "comment" || !last.text.startsWith("Clean exit at "))
    throw new Error("the last run did not exit cleanly");
  console.log(`${path}: ${operations} operations, each started and done once; ${codes.join(" ")}`);
} catch (error) {
  console.error(`${path}: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
