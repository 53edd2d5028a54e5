import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { checkJournal } from "../../stress/journal/check-journal.ts";
import { parseOpLog } from "../../stress/journal/parse-op-log.ts";
import type { ResultFile } from "../../stress/report/result/schema.ts";
import { doneCodes, openTestBed, type TestBed } from "../run/running.ts";
import { run, start, VITEST } from "./command.ts";

const KEY = "8b3a350cf5c34c9194ca85829a2df0ec3153be0318b5e2d3348e872092edffba";
const FUNDER = "0x9965507D1a55bcC2695C58ba16FB37d819B0A4dc";

/** Signals less than a second apart count once: npx passes the terminal's on. */
const APART_MS = 1300;

/** Wei that a few dozen transactions and pool fees may cost. */
const FEES = 2n * 10n ** 17n;

let bed: TestBed;
let env: { ROLLUP_STRESS_TARGETS: string; ROLLUP_STRESS_LOGS: string };

beforeAll(async () => {
  bed = await openTestBed({ fraudProofWindow: 3 });
});

afterAll(() => bed.close());

beforeEach(() => {
  const targets = mkdtempSync(join(tmpdir(), "rollup-targets-"));
  const { l1, l2, addresses } = bed.spawned.description;
  const target = {
    name: "standalone",
    endpoints: [l1, l2],
    L1_geth_PoA: true,
    confirmations: [1, 0],
    start_chain: 0,
    op_pct: [
      [20, 20, 20, 0, 0],
      [20, 20, 20, 0, 0],
    ],
    op_delay: 0.01,
    gas_price_gwei: [0.1, 0.02],
    gas_mult: [1.5, 1],
    funder_acct: [FUNDER, KEY],
    max_fund_eth: 100,
    address_server: addresses,
  };
  writeFileSync(join(targets, "standalone.json"), JSON.stringify(target));
  env = { ROLLUP_STRESS_TARGETS: targets, ROLLUP_STRESS_LOGS: mkdtempSync(join(tmpdir(), "rollup-logs-")) };
});

const mixed = ["run", "stress/mixed", "--target", "standalone", "--children", "6", "--duration", "60s"];

const opLog = (): string => readFileSync(join(env.ROLLUP_STRESS_LOGS, "op.log"), "utf8");

/** Of the one run that there was. */
function runFolder(): string {
  const [name = ""] = readdirSync(env.ROLLUP_STRESS_LOGS).filter((one) => one.startsWith("standalone-"));
  return join(env.ROLLUP_STRESS_LOGS, name);
}

const lastLine = (): string | undefined => opLog().trimEnd().split("\n").at(-1);

const owned = async (): Promise<bigint> =>
  (await bed.providers[1].getBalance(FUNDER)) + (await bed.providers[2].getBalance(FUNDER));

/** Waits until the run's op.log shows that operations of every kind are on their way. */
async function untilBusy(): Promise<void> {
  const path = join(env.ROLLUP_STRESS_LOGS, "op.log");
  await expect
    .poll(
      () => (existsSync(path) ? doneCodes(parseOpLog(opLog())).filter((code) => code !== "IF").length : 0),
      {
        timeout: 30_000,
        interval: 100,
      },
    )
    .toBeGreaterThan(15);
}

/** Everything that the runs' keys might have got into, and the keys. */
function keysInLogs(): { keys: string[]; elsewhere: string } {
  const files = readdirSync(env.ROLLUP_STRESS_LOGS, { recursive: true, withFileTypes: true }).filter((file) =>
    file.isFile(),
  );
  const text = (name: (file: string) => boolean) =>
    files
      .filter((file) => name(file.name))
      .map((file) => readFileSync(join(file.parentPath, file.name), "utf8"));
  const accounts = text((name) => name.startsWith("accounts-")).join("");
  const keys = accounts
    .trimEnd()
    .split("\n")
    .map((line) => (JSON.parse(line) as { key: string }).key.slice(2));
  return { keys: [...keys, KEY], elsewhere: text((name) => !name.startsWith("accounts-")).join("") };
}

test("a run to its end exits 0 with vitest's summary, a clean journal, and no key in sight", async () => {
  const before = await owned();
  const args = [
    "run",
    "stress/payments",
    "--target",
    "standalone",
    "--children",
    "4",
    "--duration",
    "2s",
    "--seed",
    "5",
  ];
  const { code, printed } = await run(VITEST, args, env);
  expect(code, printed).toBe(0);
  expect(printed).toMatch(/Tests\s+1 passed/);
  expect(printed).toContain("seed 5");
  const records = parseOpLog(opLog());
  checkJournal(records);
  expect(lastLine()).toMatch(/^# Clean exit at /);
  expect(before - (await owned())).toBeLessThan(FEES);
  const { keys, elsewhere } = keysInLogs();
  expect(keys).toHaveLength(5);
  for (const key of keys) expect(elsewhere + printed).not.toContain(key);
});

test("one SIGINT: operations finish, everything goes back, and everybody is told that it was stopped", async () => {
  const reports = mkdtempSync(join(tmpdir(), "rollup-reports-"));
  const [json, junit] = [join(reports, "run.json"), join(reports, "run.xml")];
  const summary = join(reports, "summary.md");
  const reporters = ["default", "json", "junit"].map((name) => `--reporter=${name}`);
  const args = [...mixed, ...reporters, `--outputFile.json=${json}`, `--outputFile.junit=${junit}`];
  const vitest = start(VITEST, args, { ...env, GITHUB_STEP_SUMMARY: summary });
  await untilBusy();
  vitest.process.kill("SIGINT");
  expect(await vitest.exited, vitest.printed()).toBe(130);
  expect(vitest.printed()).toMatch(/Tests\s+1 failed/);
  expect(vitest.printed()).not.toContain("✓");
  expect(vitest.printed()).toMatch(/Error: stopped by SIGINT after \d+ operations/);
  const told = JSON.parse(readFileSync(json, "utf8")) as {
    success: boolean;
    testResults: { status: string; assertionResults: { status: string; failureMessages: string[] }[] }[];
  };
  expect(told).toMatchObject({ success: false, numPassedTests: 0, testResults: [{ status: "failed" }] });
  const [test] = told.testResults[0]?.assertionResults ?? [];
  expect(test).toMatchObject({ status: "failed" });
  expect(test?.failureMessages).toEqual([expect.stringContaining("stopped by SIGINT")]);
  expect(readFileSync(junit, "utf8")).toMatch(/<failure message="stopped by SIGINT after/);
  const { verdict } = JSON.parse(readFileSync(join(runFolder(), "result.json"), "utf8")) as ResultFile;
  expect(verdict).toMatchObject({ is: "stopped", held: false });
  expect(verdict.reasons).toEqual([expect.stringContaining("stopped by SIGINT")]);
  for (const path of [summary, join(runFolder(), "report.html")])
    expect(readFileSync(path, "utf8")).toContain("The run was cut short (stopped by SIGINT)");
  checkJournal(parseOpLog(opLog()));
  expect(lastLine()).toMatch(/^# Clean exit at /);
});

test("SIGTERM before the first scenario began leaves nothing that reads as a success", async () => {
  const json = join(mkdtempSync(join(tmpdir(), "rollup-reports-")), "run.json");
  const args = [...mixed, "--reporter=default", "--reporter=json", `--outputFile.json=${json}`];
  const vitest = start(VITEST, args, env);
  // From here on the signals are the suite's own; the scenario's file has not been loaded.
  await vitest.until(/the same seed gives the same accounts/);
  vitest.process.kill("SIGTERM");
  expect(await vitest.exited, vitest.printed()).toBe(143);
  expect(vitest.printed()).toContain("stopped by SIGTERM before it began");
  expect(JSON.parse(readFileSync(json, "utf8"))).toMatchObject({ success: false, numPassedTests: 0 });
  expect(existsSync(join(env.ROLLUP_STRESS_LOGS, "op.log"))).toBe(false);
});

test("SIGTERM is one clean stop however often it is sent, and scenarios that had not begun are skipped", async () => {
  const args = mixed.map((word) => (word === "stress/mixed" ? "stress" : word));
  const vitest = start(VITEST, args, env);
  await untilBusy();
  for (let times = 0; times < 3; times++) {
    vitest.process.kill("SIGTERM");
    await sleep(APART_MS);
  }
  expect(await vitest.exited, vitest.printed()).toBe(143);
  const scenarios = readdirSync("stress").filter((name) => name.endsWith(".spec.ts")).length;
  expect(vitest.printed()).toMatch(new RegExp(`Tests .*${scenarios - 1} skipped`));
  expect(opLog().match(/^# Started at /gm)).toHaveLength(1);
  expect(lastLine()).toMatch(/^# Clean exit at /);
});

test("a second SIGINT lists the open operations and goes to refunds", async () => {
  const vitest = start(VITEST, mixed, env);
  await untilBusy();
  vitest.process.kill("SIGINT");
  await sleep(APART_MS);
  vitest.process.kill("SIGINT");
  expect(await vitest.exited, vitest.printed()).toBe(130);
  expect(vitest.printed()).toMatch(/\d+ operations are open:/);
  checkJournal(parseOpLog(opLog()));
});

test("a third SIGINT kills at once, and recovery brings all but fees back; so it does after kill -9", async () => {
  const before = await owned();
  const vitest = start(VITEST, mixed, env);
  await untilBusy();
  for (let times = 0; times < 3; times++) {
    vitest.process.kill("SIGINT");
    await sleep(APART_MS);
  }
  expect(await vitest.exited).toBe(130);

  const second = start(VITEST, mixed, env);
  await second.until(/mixed: 6 children/);
  await sleep(2500);
  // The whole group: vitest, its workers, and whatever else it started.
  process.kill(-(second.process.pid ?? 0), "SIGKILL");
  expect(await second.exited).toBe(137);
  expect(before - (await owned())).toBeGreaterThan(10n ** 18n);

  const recover = ["tools/recover.ts", "--target", "standalone", "--wait", "30s"];
  const { code, printed } = await run(process.execPath, recover, env);
  expect(code, printed).toBe(0);
  expect(printed).toMatch(/^account +returned on L1 +returned on L2 +left/m);
  expect(before - (await owned())).toBeLessThan(FEES);
  for (const key of keysInLogs().keys) expect(printed).not.toContain(key);
  const last = await run(process.execPath, recover, env);
  expect(last.code, last.printed).toBe(0);
});
