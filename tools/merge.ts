// `npm run merge -- <folder> …`: makes one journal, one result and one report of the logs of a run's shards, and says how each ended.
import { createWriteStream, existsSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { PAGE_FILE, writeReports, writeResultFile } from "../fixtures/run/result-file.ts";
import { isRecovered, JournalCheck } from "../stress/journal/check-journal.ts";
import { journalLines } from "../stress/journal/journal-lines.ts";
import { mergeJournals } from "../stress/journal/merge-journals.ts";
import { pairsOf, parsedLines, parseOpLogLine } from "../stress/journal/parse-op-log.ts";
import type { ShardJournal } from "../stress/journal/shard-lines.ts";
import { lastLines } from "../stress/report/last-lines.ts";
import { resultFromOpLog } from "../stress/report/result/from-op-log.ts";
import { table } from "../stress/report/table.ts";
import { VERBS } from "./options.mjs";
import * as options from "./read-options.mjs";

function refuse(message: string): never {
  options.refuse(VERBS.merge, message);
}

/** When a shard saw blocks of L1 first, by their hashes: its own clock, Unix milliseconds. */
async function blocksSeen(folder: string): Promise<ReadonlyMap<string, number>> {
  const seen = new Map<string, number>();
  for await (const line of journalLines(join(folder, "watcher-L1.log"))) {
    const [, hash, at] = / block \d+ (0x[0-9a-f]{64}) with .* at ([\d.]+)$/.exec(line) ?? [];
    if (hash !== undefined) seen.set(hash, Number(at) * 1000);
  }
  return seen;
}

/** How far one clock is ahead of another: the median over all blocks that both saw; undefined where there is none. Milliseconds. */
function aheadOf(one: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>): number | undefined {
  const differences = [...one]
    .flatMap(([hash, at]) => {
      const there = other.get(hash);
      return there === undefined ? [] : [at - there];
    })
    .toSorted((a, b) => a - b);
  return differences[Math.floor(differences.length / 2)];
}

/** What is told of a shard before its journal is merged. */
interface ReadShard {
  readonly path: string;
  readonly part: number;
  readonly of: number;
  readonly done: number;
  readonly failed: number;
  readonly how: string;
  readonly seen: ReadonlyMap<string, number>;
}

async function readShard(folder: string): Promise<ReadShard> {
  const path = join(folder, "op.log");
  if (!existsSync(path)) refuse(`there is no ${path}`);
  let [shard, end]: (string | undefined)[] = [];
  let [done, failed, isBack] = [0, 0, false];
  for await (const line of journalLines(path)) {
    if (line.startsWith("#")) {
      shard ??= pairsOf(line).get("shard");
      if (/^# (Clean exit|Dirty shutdown)/.test(line)) end = line;
      isBack ||= isRecovered(line);
      continue;
    }
    const record = parseOpLogLine(line);
    if (record?.record !== "done") continue;
    done++;
    if (!record.succeeded) failed++;
  }
  const [part = 0, of = 0] = (shard ?? "").split("/").map(Number);
  if (!(part >= 1 && of >= part)) refuse(`${path} is of no shard: its run had no --shard`);
  return { path, part, of, done, failed, how: endOf(end, isBack), seen: await blocksSeen(folder) };
}

/** How a shard ended, by the last line that says so. */
function endOf(end: string | undefined, isBack: boolean): string {
  if (end?.startsWith("# Clean") === true) return "clean exit";
  const ended = end === undefined ? "killed" : "dirty shutdown";
  return isBack ? `${ended}, recovered` : `${ended}, not recovered`.toUpperCase();
}

/** Writes the journal of all. Returns whether a run of it did not end well. */
async function write(path: string, journals: readonly ShardJournal[]): Promise<boolean> {
  let isDirty = false;
  async function* text(): AsyncGenerator<string> {
    for await (const line of mergeJournals(journals)) {
      isDirty ||= line.startsWith("# Dirty shutdown");
      yield `${line}\n`;
    }
  }
  await pipeline(Readable.from(text(), { objectMode: true }), createWriteStream(path));
  return isDirty;
}

const { to = "merged" } = options.ownOptions(VERBS.merge);
const folders = options.wordsOf(VERBS.merge, process.argv.slice(2));
if (folders.length < 2) refuse("wants the folders of two shards at least");
const read = await Promise.all(folders.map((folder) => readShard(resolve(folder))));
const shards = read.toSorted((one, other) => one.part - other.part);
const [first] = shards;
if (first === undefined) refuse("wants the folders of two shards at least");
if (shards.some(({ of }) => of !== first.of))
  refuse("the folders are of runs with another number of shards each");
if (new Set(shards.map(({ part }) => part)).size < shards.length) refuse("two folders are of the same shard");

const told = shards.map((shard) => ({ ...shard, ahead: aheadOf(shard.seen, first.seen) }));
const folder = resolve(to);
mkdirSync(folder, { recursive: true });
const path = join(folder, "op.log");
if (shards.some((shard) => shard.path === path))
  refuse(`${path} is one of the journals that are to be merged`);
const isDirty = await write(
  path,
  told.map(({ path: own, part, of, ahead = 0 }) => ({ part, of, ahead, lines: () => journalLines(own) })),
);

const rows = told.map(({ part, of, done, failed, ahead, how }) => [
  `${part}/${of}`,
  String(done),
  String(failed),
  ahead === undefined ? "not known" : `${(ahead / 1000).toFixed(3)} s`,
  how,
]);
for (const line of table([["shard", "operations", "failed", "clock ahead", "end"], ...rows]))
  console.log(line);
const missing = first.of - shards.length;
if (missing > 0) console.log(`WARNING ${missing} of ${first.of} shards are not among these folders`);
try {
  const check = new JournalCheck();
  for await (const record of parsedLines(journalLines(path))) check.take(record);
  const { operations, codes } = check.end();
  console.log(`${path}: ${operations} operations, each started and done once; ${codes.join(" ")}`);
} catch (error) {
  console.log(`${path}: ${(error as Error).message}`);
  process.exitCode = 1;
}
const all = await resultFromOpLog(journalLines(path), undefined);
if (all !== undefined) {
  writeResultFile(folder, all.result);
  writeReports(folder, all.result);
  for (const line of lastLines(all.result, join(folder, PAGE_FILE))) console.log(line);
}
if (missing > 0 || isDirty) process.exitCode = 1;
