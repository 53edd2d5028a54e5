// `npm run merge -- <folder> …`: makes one journal, one result and one report of the logs of a run's shards, and says how each ended.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { PAGE_FILE, writeReports, writeResultFile } from "../fixtures/run/result-file.ts";
import { checkJournal, isRecovered } from "../stress/journal/check-journal.ts";
import { mergeJournals, type ShardJournal } from "../stress/journal/merge-journals.ts";
import { pairsOf, parseOpLog, parseOpLogLine } from "../stress/journal/parse-op-log.ts";
import { lastLines } from "../stress/report/last-lines.ts";
import { resultFromOpLog } from "../stress/report/result/from-op-log.ts";
import { table } from "../stress/report/table.ts";
import { VERBS } from "./options.mjs";
import * as options from "./read-options.mjs";

function refuse(message: string): never {
  options.refuse(VERBS.merge, message);
}

/** When a shard saw blocks of L1 first, by their hashes: its own clock, Unix milliseconds. */
function blocksSeen(folder: string): ReadonlyMap<string, number> {
  const path = join(folder, "watcher-L1.log");
  const text = existsSync(path) ? readFileSync(path, "utf8") : "";
  const found = text.matchAll(/ block \d+ (0x[0-9a-f]{64}) with .* at ([\d.]+)$/gm);
  return new Map([...found].map(([, hash = "", at]) => [hash, Number(at) * 1000]));
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

interface ReadShard {
  readonly folder: string;
  readonly part: number;
  readonly of: number;
  readonly lines: readonly string[];
  readonly seen: ReadonlyMap<string, number>;
}

function readShard(folder: string): ReadShard {
  const path = join(folder, "op.log");
  if (!existsSync(path)) refuse(`there is no ${path}`);
  const lines = readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line !== "");
  const shard = lines
    .map((line) => (line.startsWith("#") ? pairsOf(line).get("shard") : undefined))
    .find((one) => one !== undefined);
  const [part = 0, of = 0] = (shard ?? "").split("/").map(Number);
  if (!(part >= 1 && of >= part)) refuse(`${path} is of no shard: its run had no --shard`);
  return { folder, part, of, lines, seen: blocksSeen(folder) };
}

const { to = "merged" } = options.ownOptions(VERBS.merge);
const folders = options.wordsOf(VERBS.merge, process.argv.slice(2));
if (folders.length < 2) refuse("wants the folders of two shards at least");
const shards = folders
  .map((folder) => readShard(resolve(folder)))
  .toSorted((one, other) => one.part - other.part);
const [first] = shards;
if (first === undefined) refuse("wants the folders of two shards at least");
if (shards.some(({ of }) => of !== first.of))
  refuse("the folders are of runs with another number of shards each");
if (new Set(shards.map(({ part }) => part)).size < shards.length) refuse("two folders are of the same shard");

const journals: (ShardJournal & { readonly isKnown: boolean })[] = shards.map(({ part, of, lines, seen }) => {
  const ahead = aheadOf(seen, first.seen);
  return { part, of, lines, ahead: ahead ?? 0, isKnown: ahead !== undefined };
});
const lines = mergeJournals(journals);
const folder = resolve(to);
mkdirSync(folder, { recursive: true });
const path = join(folder, "op.log");
writeFileSync(path, `${lines.join("\n")}\n`);

const rows = journals.map(({ part, of, lines: own, ahead, isKnown }) => {
  const done = own.flatMap((line) => {
    const record = parseOpLogLine(line);
    return record?.record === "done" ? [record] : [];
  });
  const failed = done.filter(({ succeeded }) => !succeeded).length;
  const end = own.findLast((line) => /^# (Clean exit|Dirty shutdown)/.test(line));
  const isBack = own.some(isRecovered);
  const isClean = end?.startsWith("# Clean") === true;
  const ended = end === undefined ? "killed" : "dirty shutdown";
  const how = isClean
    ? "clean exit"
    : isBack
      ? `${ended}, recovered`
      : `${ended}, not recovered`.toUpperCase();
  return [
    `${part}/${of}`,
    String(done.length),
    String(failed),
    isKnown ? `${(ahead / 1000).toFixed(3)} s` : "not known",
    how,
  ];
});
for (const line of table([["shard", "operations", "failed", "clock ahead", "end"], ...rows]))
  console.log(line);
const missing = first.of - shards.length;
if (missing > 0) console.log(`WARNING ${missing} of ${first.of} shards are not among these folders`);
try {
  const { operations, codes } = checkJournal(parseOpLog(readFileSync(path, "utf8")));
  console.log(`${path}: ${operations} operations, each started and done once; ${codes.join(" ")}`);
} catch (error) {
  console.log(`${path}: ${(error as Error).message}`);
  process.exitCode = 1;
}
const read = await resultFromOpLog(lines, undefined);
if (read !== undefined) {
  writeResultFile(folder, read.result);
  writeReports(folder, read.result);
  for (const line of lastLines(read.result, join(folder, PAGE_FILE))) console.log(line);
}
if (missing > 0 || lines.some((line) => line.startsWith("# Dirty shutdown"))) process.exitCode = 1;
