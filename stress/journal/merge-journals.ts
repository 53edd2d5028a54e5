import { asctime } from "./asctime.ts";
import { type ShardJournal, type ShardLine, type ShardRun, shardLines, shardRuns } from "./shard-lines.ts";

/** Where the reading of a shard's journal is. */
interface Cursor {
  readonly lines: AsyncGenerator<ShardLine>;
  /** The line that is to be taken next; undefined at the end. */
  next: ShardLine | undefined;
}

/**
 * Makes one journal of the shards': runs one after the other, what happened in each in the order of its time, children by numbers that no
 * other has. Child `c` of part `p` of `n` is child `c × n + p − 1`. Lines of one shard stay in their order.
 *
 * Each journal is read twice, and no more of it is in memory than a line: those of a night have gigabytes.
 */
export async function* mergeJournals(shards: readonly ShardJournal[]): AsyncGenerator<string> {
  const runs = await Promise.all(shards.map(shardRuns));
  const cursors = await Promise.all(shards.map(cursorOf));
  const count = Math.max(0, ...runs.map(({ length }) => length));
  for (let run = 0; run < count; run++) {
    const told = runs.flatMap((own) => own[run] ?? []);
    yield headOf(told);
    yield* mergedRun(cursors);
    yield footOf(told);
  }
}

async function cursorOf(shard: ShardJournal): Promise<Cursor> {
  const lines = shardLines(shard);
  const cursor: Cursor = { lines, next: undefined };
  await advance(cursor);
  return cursor;
}

async function advance(cursor: Cursor): Promise<void> {
  const { done, value } = await cursor.lines.next();
  cursor.next = done === true ? undefined : value;
}

/** What a run of all is, from its shards' beginnings to what came after each. */
async function* mergedRun(cursors: readonly Cursor[]): AsyncGenerator<string> {
  for (const cursor of cursors) if (cursor.next?.of === "begin") await advance(cursor);
  for (;;) {
    const first = earliest(cursors);
    if (first?.next?.of !== "run") break;
    yield first.next.line;
    await advance(first);
  }
  for (const cursor of cursors)
    while (cursor.next !== undefined && cursor.next.of !== "begin") {
      if (cursor.next.of === "after") yield cursor.next.line;
      await advance(cursor);
    }
}

/** Of those that are within a run, the one whose next line happened first. */
function earliest(cursors: readonly Cursor[]): Cursor | undefined {
  let [first, least]: [Cursor | undefined, number] = [undefined, Number.POSITIVE_INFINITY];
  for (const cursor of cursors)
    if (cursor.next?.of === "run" && cursor.next.at < least) [first, least] = [cursor, cursor.next.at];
  return first;
}

const firstOf = (runs: readonly ShardRun[]): number => {
  const times = runs.flatMap(({ firstAt }) => firstAt ?? []);
  return times.length === 0 ? 0 : Math.min(...times);
};

function headOf(runs: readonly ShardRun[]): string {
  const children = runs.reduce((sum, run) => sum + run.children, 0);
  return `# Started at ${asctime(firstOf(runs))} with ${children} children and ${runs.length} worker threads`;
}

function footOf(runs: readonly ShardRun[]): string {
  const last = Math.max(firstOf(runs), ...runs.map(({ lastAt }) => lastAt));
  const isWhole = runs.every((run) => run.isWhole);
  return `# ${isWhole ? "Clean exit" : "Dirty shutdown"} at ${asctime(last)}`;
}
