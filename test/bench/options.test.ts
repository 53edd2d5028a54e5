import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";

const MAIN = join(import.meta.dirname, "..", "..", "bench", "main.ts");

test.each([
  [["--rounds", "0"], "--rounds 0: a number from 1 to 100"],
  [["--only", "everything"], "--only everything: there is no such measurement"],
  [["--round", "3"], "Unknown option '--round'"],
])("the benchmark refuses %j before it starts anything", (args, reason) => {
  const { status, stderr } = spawnSync(process.execPath, [MAIN, ...args], { encoding: "utf8" });
  expect(status).toBe(2);
  expect(stderr).toContain(reason);
});

test("the benchmark tells what it can measure", () => {
  const { status, stdout } = spawnSync(process.execPath, [MAIN, "--help"], { encoding: "utf8" });
  expect(status).toBe(0);
  expect(stdout).toMatch(/--only +payments, driver alone, command, growth, mixed/);
});
