import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { brokenResult } from "../fakes/result-file.ts";

const MAIN = join(import.meta.dirname, "..", "..", "tools", "compare.ts");

const compare = (...args: readonly string[]) =>
  spawnSync(process.execPath, [MAIN, ...args], { encoding: "utf8" });

test("results are compared by their folders, the newest with those before it", () => {
  const home = mkdtempSync(join(tmpdir(), "rollup-results-"));
  const result = brokenResult(500);
  for (const at of [1, 2, 3, 4]) {
    mkdirSync(join(home, `run-${at}`));
    const time = { ...result.time, startedAt: result.time.startedAt + at };
    writeFileSync(join(home, `run-${at}`, "result.json"), JSON.stringify({ ...result, time }));
  }
  const { status, stdout } = compare(home, join(home, "run-4"), "--fail");
  expect(status).toBe(0);
  expect(stdout).toMatch(/FX\.finished p95 .* as before/);
  expect(stdout).toContain("the 3 earlier runs");
});

test.each([
  [["one"], "wants two places"],
  [["one", "two", "three"], "unexpected argument 'three'"],
  [["/nowhere", "/neither"], "there is no /neither"],
  [["--fial", "a", "b"], "unknown option --fial; did you mean --fail?"],
])("what cannot be compared is refused: %j", (args, reason) => {
  const { status, stderr } = compare(...args);
  expect(status).toBe(2);
  expect(stderr).toContain(reason);
});
