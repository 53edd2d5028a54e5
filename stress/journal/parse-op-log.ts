import type { Chain } from "../engine/base/index.ts";
import type { DoneRecord } from "./op-log.ts";

/** One line of `logs/op.log`, read back. Times in Unix milliseconds, intervals in milliseconds. */
export type OpLogRecord =
  | { readonly record: "comment"; readonly text: string }
  | { readonly record: "init"; readonly child: number; readonly chain: Chain; readonly address: string }
  | {
      readonly record: "start";
      readonly child: number;
      readonly code: string;
      readonly chain: Chain;
      readonly at: number;
    }
  | {
      readonly record: "watch";
      readonly child: number;
      readonly code: string;
      readonly chain: Chain;
      readonly since: number;
      readonly hash: string | undefined;
    }
  | ({ readonly record: "done" } & DoneRecord);

const CHILD = "(\\d{3,})";
const CODE = "([A-Z]{2})";
const CHAIN = "([12])";
const INTERVAL = "\\d{5,}\\.\\d{8}";

const PATTERNS = {
  init: new RegExp(`^OP_INIT_,${CHILD},--,${CHAIN},(0x[0-9a-fA-F]{40})$`),
  start: new RegExp(`^OP_START,${CHILD},${CODE},${CHAIN},(\\d+\\.\\d{8})$`),
  watch: new RegExp(`^OP_WATCH,${CHILD},${CODE},${CHAIN},(${INTERVAL})(?:,(0x[0-9a-f]{64}))?$`),
  done: new RegExp(
    `^OP_DONE_,${CHILD},${CODE},${CHAIN},([01]|True|False),(\\d+)/(\\d+)(<<<)?((?:,${INTERVAL})*)$`,
  ),
};

const ms = (seconds: string | undefined): number => Number(seconds) * 1000;

/**
 * Reads one line.
 *
 * @returns undefined where the line is no record of the format
 */
export function parseOpLogLine(line: string): OpLogRecord | undefined {
  if (line.startsWith("#")) return { record: "comment", text: line.slice(1).trim() };
  const [, ...init] = PATTERNS.init.exec(line) ?? [];
  if (init.length > 0) {
    return {
      record: "init",
      child: Number(init[0]),
      chain: Number(init[1]) as Chain,
      address: init[2] ?? "",
    };
  }
  const [, ...start] = PATTERNS.start.exec(line) ?? [];
  if (start.length > 0) {
    const [child, code = "", chain, at] = start;
    return { record: "start", child: Number(child), code, chain: Number(chain) as Chain, at: ms(at) };
  }
  const [, ...watch] = PATTERNS.watch.exec(line) ?? [];
  if (watch.length > 0) {
    const [child, code = "", chain, since, hash] = watch;
    return {
      record: "watch",
      child: Number(child),
      code,
      chain: Number(chain) as Chain,
      since: ms(since),
      hash,
    };
  }
  const [, ...done] = PATTERNS.done.exec(line) ?? [];
  if (done.length === 0) return undefined;
  const [child, code = "", chain, success, used = "0", estimated = "0", , intervals = ""] = done;
  return {
    record: "done",
    child: Number(child),
    code,
    chain: Number(chain) as Chain,
    // The predecessor wrote the ends of refunds in Python's words.
    succeeded: success === "1" || success === "True",
    gasUsed: BigInt(used),
    gasEstimated: BigInt(estimated),
    phases: intervals.split(",").slice(1).map(ms),
  };
}

/** The `key=value` pairs of a comment of ours. */
export const pairsOf = (text: string): ReadonlyMap<string, string> =>
  new Map(
    text.split(" ").flatMap((word) => {
      const at = word.indexOf("=");
      return at < 1 ? [] : [[word.slice(0, at), word.slice(at + 1)] as const];
    }),
  );

/**
 * Reads a whole log.
 *
 * @throws {Error} naming the first line that is no record of the format
 */
export function parseOpLog(text: string): OpLogRecord[] {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines.map((line, at) => recordOf(line, at + 1));
}

/**
 * Reads a log of any length, line by line.
 *
 * @throws {Error} as {@link parseOpLog} does
 */
export async function* parsedLines(lines: AsyncIterable<string>): AsyncGenerator<OpLogRecord> {
  let number = 0;
  for await (const line of lines) yield recordOf(line, ++number);
}

function recordOf(line: string, number: number): OpLogRecord {
  const record = parseOpLogLine(line);
  if (record === undefined) throw new Error(`op.log line ${number} is no record: ${line}`);
  return record;
}
