import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { run, VITEST } from "../cli/command.ts";
import { openTestBed, type TestBed } from "../run/running.ts";
import { deployed, QUICK, targetFile } from "./forking.ts";

let live: TestBed;

beforeAll(async () => {
  live = await openTestBed();
  await deployed(live);
});

afterAll(() => live.close());

/** New folders with the live target in them. */
function folders(changes: Record<string, unknown>) {
  const targets = mkdtempSync(join(tmpdir(), "rollup-targets-"));
  writeFileSync(join(targets, "live.json"), JSON.stringify(targetFile(live, changes)));
  const logs = mkdtempSync(join(tmpdir(), "rollup-logs-"));
  const cache = process.env["ROLLUP_STRESS_CACHE"] ?? logs;
  return { ROLLUP_STRESS_TARGETS: targets, ROLLUP_STRESS_LOGS: logs, ROLLUP_STRESS_CACHE: cache };
}

test("all scenarios run on a fork, without the funder's key", async () => {
  const env = folders({ fork: { ...QUICK, margin: 1 } });
  const args = ["run", "stress", "--target", "live", "--fork", "--duration", "2s"];
  const { code, printed } = await run(VITEST, args, env);
  expect(code, printed).toBe(0);
  expect(printed).toMatch(
    /target live-fork: fork of live at L1 block (\d+), L2 block (\d+); to repeat it: --fork=\1,\2/,
  );
  expect(printed).toContain("[stress]   batch submitter: sends as 0x");
  const scenarios = readdirSync("stress").filter((name) => name.endsWith(".spec.ts")).length;
  expect(printed.match(/clean exit/g)).toHaveLength(scenarios);
  expect(printed.match(/unaccounted for +0\.0 +0\.0/g)).toHaveLength(scenarios);
  const folder = readdirSync(env.ROLLUP_STRESS_LOGS).find((name) => name.startsWith("live-fork-")) ?? "";
  const result = JSON.parse(readFileSync(join(env.ROLLUP_STRESS_LOGS, folder, "result.json"), "utf8"));
  expect(result.conditions.fork.of).toBe("live");
  expect(result.conditions.fork.standIns.length).toBeGreaterThan(5);
});

test("a fork that cannot be opened ends the command with exit code 2", async () => {
  const { code, printed } = await run(
    VITEST,
    ["run", "stress", "--target", "live", "--fork=9999999,1"],
    folders({}),
  );
  expect(code).toBe(2);
  expect(printed).toMatch(
    /L1 cannot be forked: the L1 endpoint http:\S+ has no block 9999999: its newest is \d+/,
  );
  expect(printed).not.toMatch(/^\s+at /m);
});

test("there is nothing to recover of a fork", async () => {
  const node = join(import.meta.dirname, "..", "..", "tools", "recover.ts");
  const { code, printed } = await run(process.execPath, [node, "--target", "live"], folders({ fork: {} }));
  expect(code, printed).toBe(0);
  expect(printed).toContain("A fork ends with its run: nothing to recover of it.");
});
