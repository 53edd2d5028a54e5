import { mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openTestBed, type TestBed } from "../run/running.ts";
import { run, VITEST } from "./command.ts";
import { ownTarget } from "./own-target.ts";

/** Nobody listens there: what goes to this proxy fails. */
const PROXY = "http://127.0.0.1:1";

let bed: TestBed;

beforeAll(async () => {
  // A local stack starts wherever it is started from, be there a project around or none.
  const home = process.cwd();
  process.chdir(tmpdir());
  bed = await openTestBed();
  process.chdir(home);
});

afterAll(() => bed.close());

describe("what vitest must not do with scenarios is refused, exit code 2", () => {
  test.concurrent.each([
    [["stress/payments", "--watch"], "stress specs are not watched: "],
    [["run", "stress/payments", "--retry", "2"], "stress specs are not retried: "],
    [["run", "stress", "--shard=9/2"], "--shard wants a part and how many there are, such as 1/3, not '9/2'"],
    [["run", "stress", "--reporter=html"], "npm install --no-save @vitest/ui@"],
  ])("%j", async (args, sentence) => {
    const { code, printed } = await run(VITEST, args);
    expect(code, printed).toBe(2);
    expect(printed).toContain(sentence);
    expect(printed).not.toMatch(/^\s+at /m);
  });
});

test("a scenario runs from another folder, past a proxy, with a long TMPDIR; only JSON is on standard output", async () => {
  const long = join(mkdtempSync(join(tmpdir(), "rollup-tmp-")), "x".repeat(120));
  mkdirSync(long);
  const env = {
    ...ownTarget(bed, "far"),
    TMPDIR: long,
    NODE_USE_ENV_PROXY: "1",
    HTTP_PROXY: PROXY,
    http_proxy: PROXY,
  };
  const payments = ["--target", "far", "--children", "2", "--duration", "1s", "--reporter=json"];
  const { code, printed, output } = await run(VITEST, ["run", "payments", ...payments], env, "stress/engine");
  expect(code, printed).toBe(0);
  expect(JSON.parse(output)).toMatchObject({ numPassedTests: 1, success: true });
  expect(printed).toContain("[stress] target far: ");
  expect(printed).toContain("clean exit");
});

test("--root may name the project from anywhere", async () => {
  const away = mkdtempSync(join(tmpdir(), "rollup-away-"));
  const root = join(import.meta.dirname, "..", "..");
  // Behind vitest's own start, in which the configuration was found.
  const args = ["run", "stress/payments", "--root", root, "--target", "nowhere"];
  const { code, printed } = await run(VITEST, args, {}, away);
  expect(code, printed).toBe(2);
  expect(printed).toContain("there is no target 'nowhere'");
});
