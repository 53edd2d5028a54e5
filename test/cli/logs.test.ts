import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Wallet } from "ethers";
import { expect, test } from "vitest";
import { run, VITEST } from "./command.ts";

/** A target that nothing answers at, and logs whose journal is a folder. */
function unusableLogs() {
  const targets = mkdtempSync(join(tmpdir(), "rollup-targets-"));
  const logs = mkdtempSync(join(tmpdir(), "rollup-logs-"));
  const target = {
    name: "mine",
    l1: { endpoint: "http://127.0.0.1:1" },
    l2: { endpoint: "http://127.0.0.1:2" },
    // Its own: others with it are refused while one is looked at.
    funder: { key: Wallet.createRandom().privateKey },
    addressServer: "http://127.0.0.1:3",
  };
  writeFileSync(join(targets, "mine.json"), JSON.stringify(target));
  const opLog = join(logs, "op.log");
  mkdirSync(opLog);
  return { env: { ROLLUP_STRESS_TARGETS: targets, ROLLUP_STRESS_LOGS: logs }, opLog };
}

test.concurrent.each([
  ["a run", VITEST, ["run", "stress/payments", "--target", "mine"]],
  ["a recovery", process.execPath, ["tools/recover.ts", "--target", "mine"]],
])("%s whose logs cannot be used is refused before anything is asked", async (_, command, args) => {
  const { env, opLog } = unusableLogs();
  const { code, printed } = await run(command, args, env);
  expect(code, printed).toBe(2);
  expect(printed).toContain(`${opLog} cannot be used: EISDIR`);
  expect(printed).not.toContain("does not answer");
});
