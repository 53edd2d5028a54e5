import { asctime } from "./asctime.ts";
import { isRecovered } from "./check-journal.ts";
import { childField } from "./op-log.ts";
import { pairsOf, parseOpLogLine } from "./parse-op-log.ts";

/** The journal of one shard. */
export interface ShardJournal {
  /** From 1 up. */
  readonly part: number;
  readonly of: number;
  readonly lines: readonly string[];
  /** How far its machine's clock is ahead of the first shard's. Milliseconds. */
  readonly ahead: number;
}

/** A line with when it happened, by the first shard's clock. Unix milliseconds. */
interface Timed {
  readonly at: number;
  readonly line: string;
}

/** One run of a shard, and what came after it: its own recovery, and its funder's money going back. */
interface Segment {
  readonly run: Timed[];
  readonly after: string[];
  children: number;
  /** How it ended; undefined where it was killed. */
  end: { readonly isClean: boolean; readonly at: number } | undefined;
}

const STARTED = /^# Started at .* with (\d+) children/;
const CLOSED = /^# (Clean exit|Dirty shutdown) at /;

/**
 * Makes one journal of the shards': runs one after the other, what happened in each in the order of its time, children by numbers that no
 * other has. Child `c` of part `p` of `n` is child `c × n + p − 1`.
 *
 * @returns its lines
 */
export function mergeJournals(shards: readonly ShardJournal[]): string[] {
  const all = shards.map(segmentsOf);
  const runs = Math.max(0, ...all.map(({ length }) => length));
  return Array.from({ length: runs }, (_, run) =>
    merged(all.flatMap((segments) => segments[run] ?? [])),
  ).flat();
}

function merged(segments: readonly Segment[]): string[] {
  const lines = segments.flatMap(({ run }) => run).toSorted((one, other) => one.at - other.at);
  const first = lines[0]?.at ?? 0;
  const last = Math.max(first, ...segments.map(({ run, end }) => end?.at ?? run.at(-1)?.at ?? 0));
  const children = segments.reduce((sum, segment) => sum + segment.children, 0);
  // Who was killed and recovered has lost nothing; who ended dirty and was recovered has not, either.
  const isWhole = segments.every(({ end, after }) => end?.isClean === true || after.some(isRecovered));
  return [
    `# Started at ${asctime(first)} with ${children} children and ${segments.length} worker threads`,
    ...lines.map(({ line }) => line),
    ...segments.flatMap(({ after }) => after),
    `# ${isWhole ? "Clean exit" : "Dirty shutdown"} at ${asctime(last)}`,
  ];
}

function segmentsOf(shard: ShardJournal): Segment[] {
  const segments: Segment[] = [];
  const started = new Map<number, number>();
  let now = 0;
  for (const line of shard.lines) {
    const children = STARTED.exec(line)?.[1];
    if (children !== undefined) {
      segments.push({ run: [], after: [], children: Number(children), end: undefined });
      now = timeIn(line) ?? now;
      continue;
    }
    const segment = segments.at(-1);
    // What comes before the first run is the sharing out of the funder's money.
    if (segment === undefined) continue;
    const isOver = segment.end !== undefined || segment.after.length > 0;
    if (isOver || pairsOf(line).has("recovery")) {
      segment.after.push(renumbered(line, shard));
      continue;
    }
    now = timeOf(line, started) ?? now;
    if (CLOSED.test(line)) segment.end = { isClean: line.startsWith("# Clean"), at: now - shard.ahead };
    else segment.run.push({ at: now - shard.ahead, line: renumbered(line, shard) });
  }
  return segments;
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
