import { parseOpLogLine } from "../../journal/parse-op-log.ts";
import { JournalReplay } from "./journal-replay.ts";
import { resultOperations } from "./result-operations.ts";
import type { ResultFile, Verdict } from "./schema.ts";

/** What a log was read into. */
export interface ReadLog {
  readonly result: ResultFile;
  /** How many runs it has. */
  readonly runs: number;
  /** Lines of the run that are no record of the format, by number: they are passed over. */
  readonly damaged: readonly number[];
}

const BEGIN = /^# Started at .* with (\d+) children/;

/**
 * Makes a result from one run of an op.log, the predecessor's included.
 *
 * @param lines of the log, from its first one
 * @param wanted which run, from 1 up; undefined: the last one
 * @returns undefined where the log has no such run
 */
export async function resultFromOpLog(
  lines: AsyncIterable<string> | Iterable<string>,
  wanted: number | undefined,
): Promise<ReadLog | undefined> {
  let [runs, number, children] = [0, 0, 0];
  let replay: JournalReplay | undefined;
  let damaged: number[] = [];
  for await (const line of lines) {
    number++;
    const [, begins] = BEGIN.exec(line) ?? [];
    // Logs whose beginning was cut off have their first run all the same.
    if (begins !== undefined || (runs === 0 && line.startsWith("OP_"))) {
      runs++;
      if (wanted === undefined || runs === wanted) {
        replay = new JournalReplay();
        damaged = [];
        children = Number(begins ?? 0);
      }
    }
    if (replay === undefined || (wanted !== undefined && runs !== wanted) || line === "") continue;
    const record = parseOpLogLine(line);
    if (record === undefined) damaged.push(number);
    else replay.take(record);
  }
  if (replay === undefined) return undefined;
  return { result: resultOf(replay, children, damaged.length), runs, damaged };
}

function resultOf(replay: JournalReplay, children: number, damaged: number): ResultFile {
  const { recording, summary, facts, performed, failed, abandoned, firstAt = 0, lastAt = firstAt } = replay;
  const seed = Number(facts.get("seed") ?? Number.NaN);
  return {
    version: 1,
    source: "op.log",
    verdict: verdictOf(replay, damaged),
    conditions: {
      scenario: facts.get("scenario") ?? "run",
      target: facts.get("target") ?? "unknown",
      protocol: "unknown",
      children: Math.max(children, replay.children),
      options: {},
      ...(Number.isSafeInteger(seed) ? { seed } : {}),
    },
    time: { startedAt: firstAt, ...(replay.ended === undefined ? {} : { endedAt: lastAt }), phases: [] },
    operations: resultOperations(recording, summary.rows(), { performed, failed, abandoned }),
    findings: [],
    injected: [],
    samples: [],
  };
}

/** A journal proves no more than what went wrong. */
function verdictOf({ failed, abandoned, left, ended }: JournalReplay, damaged: number): Verdict {
  const reasons = [
    ...(failed > 0 ? [`${failed} operations failed.`] : []),
    ...(abandoned > 0 ? [`${abandoned} operations were given up.`] : []),
    ...(ended === "dirty" ? ["The run did not end cleanly: its journal says “dirty shutdown”."] : []),
    ...(damaged > 0 ? [`${damaged} lines of the journal are damaged, and passed over.`] : []),
  ];
  if (ended === undefined) {
    const open = left === 0 ? "" : ` ${left} operations have no end.`;
    return {
      is: "unfinished",
      held: false,
      reasons: [`The log has no end: the run goes on, or its process was killed.${open}`, ...reasons],
    };
  }
  return { is: failed > 0 || ended === "dirty" ? "not held" : "unproven", held: false, reasons };
}
