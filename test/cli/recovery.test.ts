import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openTestBed, type TestBed } from "../run/running.ts";
import { run, start, VITEST } from "./command.ts";
import { FUNDER, type OwnFolders, ownTarget } from "./own-target.ts";

/** Wei that a few dozen transactions may cost. */
const FEES = 10n ** 17n;

/** Milliseconds in which all children are funded and have paid each other. */
const UNDER_WAY_MS = 1500;

let bed: TestBed;

beforeAll(async () => {
  bed = await openTestBed();
});

afterAll(() => bed.close());

const owned = async (): Promise<bigint> =>
  (await bed.providers[1].getBalance(FUNDER)) + (await bed.providers[2].getBalance(FUNDER));

const payments = ["run", "stress/payments", "--target", "mine", "--children", "4", "--seed", "7"];

/** Kills a run that has money out. */
async function killedRun(env: Record<string, string>): Promise<void> {
  const before = await owned();
  const vitest = start(VITEST, [...payments, "--duration", "5m"], env);
  await vitest.until(/payments: 4 children/);
  await expect.poll(owned).toBeLessThan(before - 10n ** 18n);
  await sleep(UNDER_WAY_MS);
  process.kill(-(vitest.process.pid ?? 0), "SIGKILL");
  await vitest.exited;
}

const recover = (env: Record<string, string>, ...more: string[]) =>
  run(process.execPath, ["tools/recover.ts", "--target", "mine", ...more], env);

const accountsOf = (env: OwnFolders): string => join(env.ROLLUP_STRESS_LOGS, "accounts-mine.log");

describe("recovery after kill -9 brings all but fees back", () => {
  test("from op.log's seed alone, where no key is written", async () => {
    const env = { ...ownTarget(bed, "mine"), STRESS_ACCOUNTS: "none" };
    const before = await owned();
    await killedRun(env);
    expect(readdirSync(env.ROLLUP_STRESS_LOGS).filter((name) => name.startsWith("accounts"))).toEqual([]);
    const { code, printed } = await recover(env);
    expect(code, printed).toBe(0);
    expect(printed).toMatch(/^4 accounts: 0 of .*accounts-mine\.log, 4 derived from seed 7$/m);
    expect(printed).toMatch(
      /^Everything is back: [\d.]+ ETH of 4 accounts(?: \([^)]*\))?, and the books account for every wei\.$/m,
    );
    expect(before - (await owned())).toBeLessThan(FEES);
    expect(existsSync(accountsOf(env))).toBe(false);
  });

  test("from the seed and the number of children that the user tells, where all logs are lost", async () => {
    const env = ownTarget(bed, "mine");
    const before = await owned();
    await killedRun(env);
    rmSync(env.ROLLUP_STRESS_LOGS, { recursive: true });
    const { code, printed } = await recover(env, "--seed", "7", "--children", "4");
    expect(code, printed).toBe(0);
    expect(printed).toMatch(/^4 accounts: 0 of .*, 4 derived from seed 7$/m);
    expect(before - (await owned())).toBeLessThan(FEES);
  });

  test("from encrypted accounts with their password, and not without it", async () => {
    const env = ownTarget(bed, "mine");
    const before = await owned();
    const password = { STRESS_ACCOUNTS_PASSWORD: "correct horse battery" };
    await killedRun({ ...env, ...password });
    rmSync(join(env.ROLLUP_STRESS_LOGS, "op.log"));
    for (const wrong of [{}, { STRESS_ACCOUNTS_PASSWORD: "another" }]) {
      const refused = await recover({ ...env, ...wrong });
      expect(refused.code, refused.printed).toBe(2);
      expect(refused.printed).toContain("STRESS_ACCOUNTS_PASSWORD");
    }
    const { code, printed } = await recover({ ...env, ...password });
    expect(code, printed).toBe(0);
    expect(printed).toMatch(/^4 accounts: 4 of .*accounts-mine\.log$/m);
    expect(before - (await owned())).toBeLessThan(FEES);
  });
});

/** The worker of a vitest: of its children the one that runs specs. */
function workerOf(pid: number): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").map(Number);
  const worker = children.find((child) => readFileSync(`/proc/${child}/cmdline`, "utf8").includes("workers"));
  if (worker === undefined) throw new Error(`process ${pid} has no worker among ${children.join(", ")}`);
  return worker;
}

test.runIf(process.platform === "linux")(
  "what a worker left that died goes back at the end of its run, where no key is written, too",
  async () => {
    const env = { ...ownTarget(bed, "mine"), STRESS_ACCOUNTS: "none" };
    const before = await owned();
    const vitest = start(VITEST, [...payments, "--duration", "5m"], env);
    await vitest.until(/payments: 4 children/);
    await expect.poll(owned).toBeLessThan(before - 10n ** 18n);
    process.kill(workerOf(vitest.process.pid ?? 0), "SIGKILL");
    expect(await vitest.exited, vitest.printed()).toBe(1);
    expect(vitest.printed()).toContain("swept 4 accounts; 0 crossings are still in flight");
    expect(before - (await owned())).toBeLessThan(FEES);
  },
);

test("a run with the seed of a killed one gives its leftovers back first, and does not count them as its own", async () => {
  const env = ownTarget(bed, "mine");
  const before = await owned();
  await killedRun(env);
  const { code, printed } = await run(VITEST, [...payments, "--ops", "8"], env);
  expect(code, printed).toBe(0);
  expect(printed).toMatch(
    /^\[stress\] 4 children of seed 7 have [\d.]+ ETH of an earlier run: it goes back first$/m,
  );
  // Without its leftovers a run costs what its transactions do.
  expect(printed).toMatch(/cost of the run: 0\.00\d+ ETH/);
  expect(before - (await owned())).toBeLessThan(FEES);

  const third = await run(VITEST, [...payments, "--ops", "8"], env);
  expect(third.code, third.printed).toBe(0);
  expect(third.printed).not.toContain("of an earlier run");

  // What the killed run left open was recovered.
  const journal = await run(process.execPath, [
    "tools/check-journal.ts",
    join(env.ROLLUP_STRESS_LOGS, "op.log"),
  ]);
  expect(journal.code, journal.printed).toBe(0);
});

describe("wrong settings are refused with exit code 2", () => {
  test("of a run, before money moves", async () => {
    const env = ownTarget(bed, "mine");
    const { code, printed } = await run(VITEST, payments, { ...env, STRESS_ACCOUNTS: "disk" });
    expect(code, printed).toBe(2);
    expect(printed).toContain("STRESS_ACCOUNTS is 'disk'");
    expect(readdirSync(env.ROLLUP_STRESS_LOGS)).toEqual([]);
  });

  test.each([
    [["--seed", "7"], "--seed and --children belong together"],
    [["--seed", "x", "--children", "3"], "--seed wants a whole number"],
    [["--seed", "7", "--children", "0"], "--children wants a whole number from 1 up"],
  ])("of a recovery: %s", async (args, problem) => {
    const { code, printed } = await recover({}, ...args);
    expect(code).toBe(2);
    expect(printed).toContain(problem);
  });
});
