import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { checkJournal } from "../../stress/journal/check-journal.ts";
import { parseOpLog } from "../../stress/journal/parse-op-log.ts";
import { openTestBed, type TestBed } from "../run/running.ts";
import { run, VITEST } from "./command.ts";
import { FUNDER, ownTarget } from "./own-target.ts";

let bed: TestBed;

beforeAll(async () => {
  bed = await openTestBed();
});

afterAll(() => bed.close());

/** Wei that a few dozen transactions may cost. */
const FEES = 2n * 10n ** 17n;

test("one run at a time, each given back before the next begins, whatever specs and runner do", async () => {
  const env = ownTarget(bed, "misused");
  const before = await owned();
  const parallel = ["--fileParallelism", "--maxWorkers", "4", "--reporter", "tree"];
  const config = ["--config", "test/cli/specs/vitest.config.ts", "--target", "misused"];
  const { code, printed } = await run(VITEST, ["run", ...config, ...parallel], env);
  expect(code, printed).toBe(1);
  for (const title of ["two at once", "the one", "the other", "in another file"])
    expect(printed).toMatch(new RegExp(`✓ ${title}`));
  for (const title of [
    "too slow",
    "never back",
    "not awaited",
    "inside of another",
    "tried again",
    "tried once more",
  ])
    expect(printed).toMatch(new RegExp(`× ${title}`));
  for (const why of [
    "Test timed out in 6000ms",
    "its test is over: Test timed out",
    "drive did not return within 10.0 s",
    /the test ended while a run of its \(not-awaited\) went on/,
    /asks for a run inside the drive of/,
    /stress specs are not retried: a second try/,
    /leave retry out of the test's options/,
  ])
    expect(printed).toMatch(why);
  expect(printed).not.toMatch(/Unhandled/);
  const journal = readFileSync(join(env.ROLLUP_STRESS_LOGS, "op.log"), "utf8");
  const marks = journal.match(/^# (Started|Clean exit|Dirty shutdown) at /gm) ?? [];
  expect(marks).toHaveLength(18);
  for (const [at, mark] of marks.entries())
    expect(mark).toBe(at % 2 === 0 ? "# Started at " : "# Clean exit at ");
  checkJournal(parseOpLog(journal));
  expect(before - (await owned())).toBeLessThan(FEES);
});

const owned = async (): Promise<bigint> =>
  (await bed.providers[1].getBalance(FUNDER)) + (await bed.providers[2].getBalance(FUNDER));
