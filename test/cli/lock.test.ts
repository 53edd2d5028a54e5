import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestBed, type TestBed } from "../run/running.ts";
import { run, start, VITEST } from "./command.ts";
import { ownTarget } from "./own-target.ts";

let bed: TestBed;

beforeAll(async () => {
  bed = await openTestBed();
});

afterAll(() => bed.close());

test("a second run and a recovery are refused while a run goes on, lose nothing, and may begin after kill -9", async () => {
  const env = ownTarget(bed, "shared");
  const payments = ["run", "stress/payments", "--target", "shared", "--children", "2", "--duration", "5m"];
  const recover = ["tools/recover.ts", "--target", "shared"];

  const first = start(VITEST, payments, env);
  await first.until(/payments: 2 children/);
  const [second, recovery] = await Promise.all([
    run(VITEST, payments, env),
    run(process.execPath, recover, env),
  ]);
  const holder = new RegExp(`process ${first.process.pid} has been running scenarios with this funder`);
  for (const { code, printed } of [second, recovery]) {
    expect(code, printed).toBe(2);
    expect(printed).toMatch(holder);
  }
  const journal = readFileSync(join(env.ROLLUP_STRESS_LOGS, "op.log"), "utf8");
  expect(journal.match(/^# Started at /gm)).toHaveLength(1);

  process.kill(-(first.process.pid ?? 0), "SIGKILL");
  await first.exited;
  const { code, printed } = await run(process.execPath, recover, env);
  expect(code, printed).toBe(0);
});
