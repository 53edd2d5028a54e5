import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { readAccounts } from "../../fixtures/accounts/accounts-log.ts";
import { giveBack } from "../../fixtures/purse/give-back.ts";
import { recover } from "../../fixtures/recovery/recover.ts";
import type { RunPlan } from "../../stress/engine/run/index.ts";
import { OpLog } from "../../stress/journal/op-log.ts";
import { openTestBed, runOn, type TestBed, testTarget } from "./running.ts";

// Whoever calls it must be loaded anew: an earlier test file of this process may have had them already.
vi.hoisted(() => vi.resetModules());

/** The real one, which tells who called it. */
vi.mock("../../fixtures/purse/give-back.ts", async (original) => {
  const real = await original<typeof import("../../fixtures/purse/give-back.ts")>();
  return { ...real, giveBack: vi.fn<typeof real.giveBack>(real.giveBack) };
});

let bed: TestBed;

beforeAll(async () => {
  bed = await openTestBed();
});

beforeEach(() => {
  vi.mocked(giveBack).mockClear();
});

afterAll(async () => {
  vi.resetModules();
  await bed.close();
});

/** The addresses of each call. */
const givenBack = (): string[][] =>
  vi.mocked(giveBack).mock.calls.map(([, , accounts]) => accounts.map(({ address }) => address));

test("a run and a recovery give back in one way", async () => {
  const drive: RunPlan["drive"] = async ([child]) => void (await child?.perform("AL"));
  const plan = { children: 2, startChain: 2, duration: Number.POSITIVE_INFINITY, drive } as const;
  const { result, records, logs } = await runOn(bed, plan);
  expect(result.clean).toBe(true);
  const addresses = records.flatMap((record) => (record.record === "init" ? [record.address] : []));
  expect(givenBack()).toEqual([addresses]);

  const journal = new OpLog(logs.opLog);
  const accounts = await readAccounts(logs.accounts("local"));
  const wanted = { accounts, crossings: [], opLog: journal, waitMs: 0, say: () => undefined };
  const recovery = await recover(testTarget(), bed.stack, wanted);
  journal.close();
  expect(givenBack()).toEqual([addresses, addresses]);
  expect(recovery).toMatchObject({ funderLeft: 0n, problems: [], inFlight: [] });
  expect(recovery.accounts.map(({ returned }) => returned)).toEqual([
    { 1: 0n, 2: 0n },
    { 1: 0n, 2: 0n },
  ]);
});
