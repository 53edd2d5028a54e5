import { isRecovered } from "./check-journal.ts";
import { childField } from "./op-log.ts";
import { pairsOf, parseOpLogLine } from "./parse-op-log.ts";

/** The journal of one shard. */
export interface ShardJournal {
  /** From 1 up. */
  readonly part: number;
  readonly of: number;
  /** How far its machine's clock is ahead of the first shard's. Milliseconds. */
  readonly ahead: number;
  /** Its lines from the first one, each time this is called. */
  readonly lines: () => AsyncIterable<string> | Iterable<string>;
}

/** A line of a shard's journal, as it stands in the journal of all. Times in Unix milliseconds by the first shard's clock. */
export type ShardLine =
  | { readonly of: "begin"; readonly children: number }
  | { readonly of: "run"; readonly at: number; readonly line: string }
  | { readonly of: "end"; readonly at: number; readonly isClean: boolean }
  /** What came after a run: its own recovery, and its funder's money going back. */
  | { readonly of: "after"; readonly line: string };

/** One run of a shard. Times in Unix milliseconds by the first shard's clock. */
export interface ShardRun {
  readonly children: number;
  /** Of its first line; undefined where it has none. */
  readonly firstAt: number | undefined;
  readonly lastAt: number;
  /** Whether it ended cleanly, or all that it left was brought back: who was killed, or ended dirty, and was recovered has lost nothing. */
  readonly isWhole: boolean;
}

const STARTED = /^# Started at .* with (\d+) children/;
const CLOSED = /^# (Clean exit|Dirty shutdown) at /;

/** The lines of a shard's runs, in their order. What comes before the first run is the sharing out of the funder's money, and left out. */
export async function* shardLines(shard: ShardJournal): AsyncGenerator<ShardLine> {
  const started = new Map<number, number>();
  let now = 0;
  let stage: "before" | "run" | "after" = "before";
  for await (const line of shard.lines()) {
    const children = STARTED.exec(line)?.[1];
    if (children !== undefined) {
      stage = "run";
      now = timeIn(line) ?? now;
      yield { of: "begin", children: Number(children) };
      continue;
    }
    if (stage === "before" || line === "") continue;
    if (stage === "after" || pairsOf(line).has("recovery")) {
      stage = "after";
      yield { of: "after", line: renumbered(line, shard) };
      continue;
    }
    now = timeOf(line, started) ?? now;
    const at = now - shard.ahead;
    if (CLOSED.test(line)) {
      stage = "after";
      yield { of: "end", at, isClean: line.startsWith("# Clean") };
    } else yield { of: "run", at, line: renumbered(line, shard) };
  }
}

/** Each run of a shard, told by its whole journal. */
export async function shardRuns(shard: ShardJournal): Promise<ShardRun[]> {
  const runs: { -readonly [key in keyof ShardRun]: ShardRun[key] }[] = [];
  for await (const one of shardLines(shard)) {
    if (one.of === "begin")
      runs.push({ children: one.children, firstAt: undefined, lastAt: 0, isWhole: false });
    const run = runs.at(-1);
    if (run === undefined) continue;
    if (one.of === "after") run.isWhole ||= isRecovered(one.line);
    if (one.of === "end") run.isWhole = one.isClean;
    if (one.of === "run") run.firstAt = Math.min(run.firstAt ?? one.at, one.at);
    if (one.of === "run" || one.of === "end") run.lastAt = one.at;
  }
  return runs;
}

/** When a record happened, by its own clock; undefined where it does not tell. Unix milliseconds. */
function timeOf(line: string, started: Map<number, number>): number | undefined {
  const record = parseOpLogLine(line);
  if (record?.record === "start") {
    started.set(record.child, record.at);
    return record.at;
  }
  if (record?.record === "watch") return (started.get(record.child) ?? 0) + record.since;
  if (record?.record === "done") return (started.get(record.child) ?? 0) + (record.phases.at(-1) ?? 0);
  return CLOSED.test(line) ? timeIn(line) : undefined;
}

const timeIn = (line: string): number | undefined => {
  const text = / at (\w{3} \w{3} [ \d]\d [\d:]{8} \d{4})/.exec(line)?.[1];
  return text === undefined ? undefined : Date.parse(`${text} UTC`);
};

/** A line with its child's number among all, and its start by the first shard's clock. */
function renumbered(line: string, { part, of, ahead }: ShardJournal): string {
  const number = (child: string): string => childField(Number(child) * of + part - 1);
  if (line.startsWith("#"))
    return line.replace(/\bchild=(\d+)/g, (_, child: string) => `child=${number(child)}`);
  const [record = "", child = "", code = "", chain = "", ...rest] = line.split(",");
  const at = record === "OP_START" ? [(Number(rest[0]) - ahead / 1000).toFixed(8)] : rest;
  return [record, number(child), code, chain, ...at].join(",");
}
