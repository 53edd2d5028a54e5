// `node tools/check-journal.ts [op.log]`: whether a journal holds only records of the format, each OP_START has its one
// OP_DONE_, and the last run ended cleanly. Exit code 1 where not.
import { readFileSync } from "node:fs";
import { checkJournal } from "../stress/journal/check-journal.ts";
import { parseOpLog } from "../stress/journal/parse-op-log.ts";

const path = process.argv[2] ?? "logs/op.log";
try {
  const text = readFileSync(path, "utf8");
  const { operations, codes } = checkJournal(parseOpLog(text));
  if (!/^# Clean exit at .*\n$/m.test(`${text.trimEnd().split("\n").at(-1)}\n`))
    throw new Error("the last run did not exit cleanly");
  console.log(`${path}: ${operations} operations, each started and done once; ${codes.join(" ")}`);
} catch (error) {
  console.error(`${path}: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
