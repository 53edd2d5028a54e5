import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { shown } from "../../bench/figures-table.ts";

const MAIN = join(import.meta.dirname, "..", "..", "bench", "main.ts");

test("the benchmark's smallest form measures, tells what must be reached, and compares with the last time", async () => {
  const home = mkdtempSync(join(tmpdir(), "rollup-logs-"));
  const env = { ...process.env, ROLLUP_STRESS_LOGS: home };
  const bench = async (): Promise<string> => {
    const args = [MAIN, "--quick", "--rounds", "1", "--only", "driver alone"];
    return (await promisify(execFile)(process.execPath, args, { env })).stdout;
  };
  expect(await bench()).toMatch(/payments .*≥ 3000/);
  const last = join(home, "bench", "last-quick.json");
  expect(existsSync(last)).toBe(true);
  const { figures } = JSON.parse(readFileSync(last, "utf8")) as {
    figures: Record<string, Record<string, { median: number }>>;
  };
  const own = figures["driver alone"] ?? {};
  expect(own["payments"]?.median).toBeGreaterThan(0);
  // A payment is one call to send it, and a part of those that read its block.
  expect(own["calls"]?.median).toBeGreaterThan(1);
  expect(own["done, median"]?.median).toBeGreaterThan(0);
  expect(own["failed"]?.median).toBe(0);
  const told = own["payments"]?.median.toPrecision(3) ?? "";
  expect(await bench()).toContain(told);
});

test("a figure that was not measured is told as that, also where it was read back from JSON", () => {
  expect([Number.NaN, null, 0.5, 42.25, 1234.5].map(shown)).toEqual([
    "none",
    "none",
    "0.500",
    "42.3",
    "1235",
  ]);
});
