import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestBed, type TestBed } from "../run/running.ts";
import { run, start, VITEST } from "./command.ts";

let bed: TestBed;

beforeAll(async () => {
  bed = await openTestBed();
});

afterAll(() => bed.close());

test("a second run and a recovery are refused while a run goes on, lose nothing, and may begin after kill -9", async () => {
  const targets = mkdtempSync(join(tmpdir(), "rollup-targets-"));
  const logs = mkdtempSync(join(tmpdir(), "rollup-logs-"));
  const { l1, l2, addresses } = bed.spawned.description;
  const target = {
    name: "shared",
    l1: { endpoint: l1 },
    l2: { endpoint: l2 },
    funder: { key: "8b3a350cf5c34c9194ca85829a2df0ec3153be0318b5e2d3348e872092edffba" },
    addressServer: addresses,
  };
  writeFileSync(join(targets, "shared.json"), JSON.stringify(target));
  const env = { ROLLUP_STRESS_TARGETS: targets, ROLLUP_STRESS_LOGS: logs };
  const payments = ["run", "stress/payments", "--target", "shared", "--children", "2", "--duration", "5m"];
  const recover = ["tools/recover.ts", "--target", "shared"];

  const first = start(VITEST, payments, env);
  await first.until(/payments: 2 children/);
  const journal = (): string => readFileSync(join(logs, "op.log"), "utf8");
  const [second, recovery] = await Promise.all([
    run(VITEST, payments, env),
    run(process.execPath, recover, env),
  ]);
  const holder = new RegExp(`process ${first.process.pid} has been running scenarios with this funder`);
  for (const { code, printed } of [second, recovery]) {
    expect(code, printed).toBe(2);
    expect(printed).toMatch(holder);
  }
  expect(journal().match(/^# Started at /gm)).toHaveLength(1);

  process.kill(-(first.process.pid ?? 0), "SIGKILL");
  await first.exited;
  const { code, printed } = await run(process.execPath, recover, env);
  expect(code, printed).toBe(0);
});
