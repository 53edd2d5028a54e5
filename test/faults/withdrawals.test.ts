import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { readAccounts } from "../../fixtures/accounts/accounts-log.ts";
import { openCrossings } from "../../fixtures/recovery/in-flight.ts";
import { originsOf } from "../../fixtures/recovery/origins.ts";
import { type Recovery, recover } from "../../fixtures/recovery/recover.ts";
import { type LogPaths, logPaths } from "../../fixtures/run/logs.ts";
import { Stop } from "../../stress/engine/base/stop.ts";
import { checkJournal } from "../../stress/journal/check-journal.ts";
import { OpLog } from "../../stress/journal/op-log.ts";
import { opStack } from "../../stress/protocols/op-stack/index.ts";
import type { Target } from "../../targets/target.ts";
import { openOpStack, opStackTarget, runOn, type TestBed } from "../run/running.ts";

// All that begin on L1 deposit first: with seed 8 one of them through the portal, two through the bridge.
const SHARES = { 1: { SO: 100 }, 2: { SX: 70 } };

/** Whatever the machine has to do beside. */
vi.setConfig({ testTimeout: 600_000 });

const SIGNAL = { kind: "signal", signal: "SIGINT" } as const;

async function opened(settings: Record<string, number | string>): Promise<TestBed> {
  // Games by time need clocks that agree: L1's runs ahead where its blocks are shorter than a second.
  const own = settings["generation"] === "super" ? { l1BlockTime: 1000, ...settings } : settings;
  const bed = await openOpStack(own);
  onTestFinished(() => bed.close());
  return bed;
}

/** Recovers what a run left, as the journal has it. */
async function recovered(bed: TestBed, target: Target, logs: LogPaths, waitMs: number) {
  const said: string[] = [];
  const opLog = new OpLog(logs.opLog);
  const recovery: Recovery = await recover(target, bed.stack, {
    accounts: await readAccounts(logs.accounts(target.name)),
    crossings: await openCrossings(logs.opLog, originsOf(opStack)),
    opLog,
    waitMs,
    say: (line) => void said.push(line),
  });
  opLog.close();
  return { recovery, said, opLog: readFileSync(logs.opLog, "utf8") };
}

describe.each(["oracle", "games", "super"])("on contracts of the generation %s", (generation) => {
  test("children go there and back, every crossing is paid once, and the books account for every wei", async () => {
    const bed = await opened({ generation });
    const { result, opLog, records } = await runOn(bed, {
      target: opStackTarget(),
      shares: SHARES,
      seed: 8,
      operations: 40,
      duration: 600_000,
    });
    checkJournal(records);
    expect(result).toConserveFunds();
    expect(result).toPayExactlyOnce({ inFlight: 0, outOfOrder: 0, late: 0 });
    expect([result.failed, result.abandoned, result.clean]).toEqual([[], [], true]);
    expect(result.audit.counts["paid once"]).toBeGreaterThan(6);
    // Both ways in were taken.
    const deposits = records.flatMap((one) =>
      one.record === "watch" && one.code === "SO" && one.hash !== undefined ? [one.hash] : [],
    );
    const sent = await Promise.all(deposits.map((hash) => bed.providers[1].getTransaction(hash)));
    expect(new Set(sent.map((transaction) => transaction?.to)).size).toBe(2);
    const proofs = opLog.match(
      /^# prove=SX child=\d{3} tx=0x\w{64} (?:output=\d+|game=0x\w{40} type=[19])$/gm,
    );
    expect(proofs?.length).toBeGreaterThan(0);
    expect(opLog).toMatch(/^# withdrawal=SX child=\d{3} hash=0x\w{64} message=0x\w{64}$/m);
    expect(opLog).toMatch(/^# finalize=SX child=\d{3} tx=0x\w{64}$/m);
  });

  test.each([
    { phase: "initiated", until: /^OP_WATCH,\d{3},SX,/m },
    { phase: "proved", until: /^# prove=SX /m },
    { phase: "finalised", until: /^# finalize=SX /m },
  ])("a withdrawal whose run ends when it is $phase is carried on by a recovery", async ({ until }) => {
    const bed = await opened({ generation });
    const target = opStackTarget();
    const control = new Stop();
    const logs = logPaths(mkdtempSync(join(tmpdir(), "rollup-logs-")));
    const running = runOn(bed, {
      target,
      children: 5,
      startChain: 2,
      shares: { 1: {}, 2: { SX: 100 } },
      duration: 60_000,
      control,
      logs,
    });
    while (!existsSync(logs.opLog) || !until.test(readFileSync(logs.opLog, "utf8"))) await sleep(20);
    control.raise(1, SIGNAL);
    control.raise(2, SIGNAL);
    const { result } = await running;
    expect(result).toConserveFunds();
    const { recovery } = await recovered(bed, target, logs, 60_000);
    expect(recovery.inFlight).toEqual([]);
    expect(recovery.accounts.flatMap(({ problems }) => problems)).toEqual([]);
    expect(recovery.books?.unaccounted).toEqual({ 1: 0n, 2: 0n });
    const left = recovery.accounts.reduce((sum, one) => sum + one.left, 0n);
    expect(left).toBeLessThanOrEqual(result.dust);
  });
});

describe("withdrawals that take longer than a run waits", () => {
  const limits = { giveUpAfter: "15s" };

  test("are refused with the reason, and payments take their place", async () => {
    const bed = await opened({ proofMaturityDelay: 604_800 });
    const target = opStackTarget({ limits });
    const { result, opLog } = await runOn(bed, { target, startChain: 2, shares: { 1: {}, 2: { SX: 100 } } });
    expect(result).toConserveFunds();
    expect(opLog).not.toMatch(/^OP_START,\d{3},SX/m);
    expect(opLog).toMatch(
      /^# refused=SX child=\d{3} instead=PY reason=withdrawals-take-7-d-here,-and-a-run-waits-15-s:/m,
    );
  });

  test("are proved and left, where the target says so, and a later recovery finalises them", async () => {
    const bed = await opened({ proofMaturityDelay: 25 });
    const target = opStackTarget({ limits, leaveWithdrawals: true });
    const { result, opLog, logs, printed } = await runOn(bed, {
      target,
      startChain: 2,
      operations: 5,
      duration: 30_000,
      shares: { 1: {}, 2: { SX: 100 } },
    });
    expect(result).toConserveFunds();
    expect(result).toPayExactlyOnce();
    expect(result.failed).toEqual([]);
    const left = result.audit.counts["in flight"];
    expect(left).toBeGreaterThan(0);
    expect(opLog.match(/^# left=SX child=\d{3} hash=0x\w{64} until=\d{4}-.*Z$/gm)).toHaveLength(left);
    expect(printed.join("\n")).toMatch(/withdrawals are proved and left/);
    const early = await recovered(bed, target, logs, 0);
    expect(early.recovery.inFlight).toHaveLength(left);
    const late = await recovered(bed, target, logs, 60_000);
    expect(late.recovery.inFlight).toEqual([]);
    const back = late.recovery.accounts.reduce((sum, { returned }) => sum + returned[1], 0n);
    expect(back).toBeGreaterThan(0n);
  });
});
