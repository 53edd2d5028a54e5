// `npm run report -- logs/op.log`: makes report.html, report.md and result.json from any op.log, the predecessor's included, or
// both reports anew from a result.json.
import { createReadStream, existsSync, mkdirSync, readFileSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { createInterface } from "node:readline";
import { PAGE_FILE, RESULT_FILE, writeReports, writeResultFile } from "../fixtures/run/result-file.ts";
import { presentable, StressError } from "../stress/engine/base/index.ts";
import { lastLines } from "../stress/report/last-lines.ts";
import { resultFromOpLog } from "../stress/report/result/from-op-log.ts";
import { type ResultFile, resultFile } from "../stress/report/result/schema.ts";
import { VERBS } from "./options.mjs";
import { ownOptions, wordsOf } from "./read-options.mjs";

/** What is reported, and where to by default. */
interface Source {
  readonly result: ResultFile;
  readonly folder: string;
}

const unreadable = (path: string, what: string, hint: string): StressError =>
  new StressError("SETTING_INVALID", `${path}: ${what}`, hint);

function fromResult(path: string): Source {
  const parsed = resultFile.safeParse(JSON.parse(readFileSync(path, "utf8")));
  if (parsed.success) return { result: parsed.data, folder: dirname(path) };
  const [issue] = parsed.error.issues;
  throw unreadable(
    path,
    `no result of version 1: ${issue?.path.join(".") ?? ""} ${issue?.message ?? ""}`,
    "give the result.json of a run, as docs/result.md tells it, or an op.log",
  );
}

async function fromLog(path: string, run: number | undefined): Promise<Source> {
  const input = createReadStream(path);
  const read = await resultFromOpLog(createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY }), run);
  if (read === undefined)
    throw unreadable(
      path,
      run === undefined ? "no run of op.log's format is in it" : `it has no run ${run}`,
      "give an op.log, and one of its runs: --run 1 is the first",
    );
  if (read.runs > 1 && run === undefined)
    console.log(`${path}: the last of ${read.runs} runs (--run <n> for another)`);
  for (const line of read.damaged.slice(0, 5))
    console.log(`${path}: line ${line} is no record, and passed over`);
  const name = basename(path, extname(path));
  return { result: read.result, folder: join(dirname(path), `${name}-report`) };
}

const { run, out } = ownOptions(VERBS.report);
const [given = "logs/op.log"] = wordsOf(VERBS.report, process.argv.slice(2));
// A run's folder stands for the result in it.
const path = existsSync(join(given, RESULT_FILE)) ? join(given, RESULT_FILE) : given;
try {
  if (!existsSync(path))
    throw unreadable(path, "there is no such file", "give the op.log of a run, or its result.json");
  const { result, folder } = path.endsWith(".json") ? fromResult(path) : await fromLog(path, run);
  const to = out ?? folder;
  mkdirSync(to, { recursive: true });
  if (result.source === "op.log") writeResultFile(to, result);
  writeReports(to, result);
  for (const line of lastLines(result, join(to, PAGE_FILE))) console.log(line);
} catch (thrown) {
  const error = presentable(thrown);
  console.error(
    `report: ${error instanceof StressError ? error.render() : error instanceof Error ? error.message : String(error)}`,
  );
  process.exit(2);
}
