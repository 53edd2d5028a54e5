import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestBed, type TestBed } from "../run/running.ts";
import { run, VITEST } from "./command.ts";

/** The local stack's own funder. */
const KEY = "8b3a350cf5c34c9194ca85829a2df0ec3153be0318b5e2d3348e872092edffba";

const NOWHERE = "127.0.0.1:1";

let bed: TestBed;

beforeAll(async () => {
  bed = await openTestBed();
});

afterAll(() => bed.close());

test("a scenario runs over lists of endpoints, WebSocket too, of which the first is gone", async () => {
  const { l1, l2, addresses } = bed.spawned.description;
  const targets = mkdtempSync(join(tmpdir(), "rollup-targets-"));
  const logs = mkdtempSync(join(tmpdir(), "rollup-logs-"));
  const target = {
    name: "lists",
    l1: { endpoint: [`http://${NOWHERE}`, l1] },
    l2: { endpoint: [`ws://${NOWHERE}`, l2.replace("http", "ws")] },
    funder: { key: KEY },
    addressServer: addresses,
  };
  writeFileSync(join(targets, "lists.json"), JSON.stringify(target));
  const env = { ROLLUP_STRESS_TARGETS: targets, ROLLUP_STRESS_LOGS: logs };
  const { code, printed } = await run(VITEST, ["run", "stress/sequence", "--target", "lists"], env);
  expect(code, printed).toBe(0);
  expect(printed).toContain(`WARNING the L1 endpoint http://${NOWHERE} does not answer: connection refused`);
  expect(printed).toContain(`WARNING the L2 endpoint ws://${NOWHERE} does not answer: connection refused`);
  expect(printed).toContain("clean exit");
});
