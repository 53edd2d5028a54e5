import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type LogPaths, logPaths } from "../../fixtures/run/logs.ts";
import type { EngineEvent } from "../../stress/engine/events.ts";
import { checkJournal } from "../../stress/journal/check-journal.ts";
import { parseOpLog } from "../../stress/journal/parse-op-log.ts";
import { ovm2 } from "../../stress/protocols/ovm2/index.ts";
import { payment } from "../../stress/protocols/payment.ts";
import type { ResultFile } from "../../stress/report/result/schema.ts";
import type { Followers } from "./follow-events.ts";
import { openTestBed, runOn, type TestBed } from "./running.ts";

const MISTAKE = new TypeError("cannot read properties of undefined");

const broken = (): never => {
  throw MISTAKE;
};

/** As much as a sweep may leave in an account on one chain. Wei. */
const DUST = 2_500_000_000_000n;

const PLAN = { children: 4, duration: 60_000, startChain: 2 } as const;

let bed: TestBed;

beforeAll(async () => {
  bed = await openTestBed();
});

afterAll(() => bed.close());

const ownLogs = (): LogPaths => logPaths(mkdtempSync(join(tmpdir(), "rollup-logs-")));

/** The result that a run wrote down before it threw. */
function writtenResult({ opLog }: LogPaths): ResultFile {
  const [name, ...more] = readdirSync(dirname(opLog), { recursive: true, encoding: "utf8" }).filter(
    (path) => basename(path) === "result.json",
  );
  if (name === undefined || more.length > 0) throw new Error("wants one result");
  return JSON.parse(readFileSync(join(dirname(opLog), name), "utf8")) as ResultFile;
}

/** Everything was given back, and every operation has its end, whatever the run ended with. */
async function expectRefunded(logs: LogPaths): Promise<void> {
  const records = parseOpLog(readFileSync(logs.opLog, "utf8"));
  const { codes } = checkJournal(records);
  expect(codes).toEqual(expect.arrayContaining(["DN", "IF", "RF"]));
  const addresses = records.flatMap((record) => (record.record === "init" ? [record.address] : []));
  expect(addresses).toHaveLength(PLAN.children);
  for (const address of addresses)
    for (const chain of [1, 2] as const)
      expect(await bed.providers[chain].getBalance(address)).toBeLessThan(DUST);
  expect(writtenResult(logs)).toMatchObject({
    verdict: {
      held: false,
      reasons: expect.arrayContaining([`The run ended because of an error: ${MISTAKE.message}.`]),
    },
    end: { reason: "error", clean: true },
    books: { problems: [] },
  });
}

/** Subscribers of which one throws at each event of a kind, from the first payment on. */
function breakingAt(kind: EngineEvent["kind"]): Followers {
  let hasBegun = false;
  const breakNow = (): void => {
    if (hasBegun) throw MISTAKE;
  };
  return [{ "operation started": ({ code }) => void (hasBegun ||= code === "PY") }, { [kind]: breakNow }];
}

test.each<EngineEvent["kind"]>(["block", "mined", "operation done"])(
  "a subscriber that throws where '%s' is told ends the run with the very error, after all is given back",
  async (kind) => {
    const logs = ownLogs();
    await expect(runOn(bed, { ...PLAN, logs, follow: breakingAt(kind) })).rejects.toBe(MISTAKE);
    await expectRefunded(logs);
  },
);

test("an operation whose steps throw ends the run with the very error, after all is given back", async () => {
  const logs = ownLogs();
  async function* steps(): ReturnType<typeof payment.steps> {
    yield broken();
  }
  const protocol = { ...ovm2, operations: [{ ...payment, steps }] };
  await expect(runOn(bed, { ...PLAN, logs, protocol })).rejects.toBe(MISTAKE);
  await expectRefunded(logs);
});
