import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { tellFailedChecks } from "../../fixtures/run/failed-checks.ts";
import { logPaths } from "../../fixtures/run/logs.ts";
import { Stop } from "../../stress/engine/base/stop.ts";
import { type ResultFile, resultFile } from "../../stress/report/result/schema.ts";
import { ABI } from "../../stress/protocols/ovm2/contracts.ts";
import { ownFolder } from "../fakes/folder.ts";
import { endAtSecondArrival } from "./second-arrival.ts";
import { openTestBed, runOn, type TestBed, type TestRun } from "./running.ts";

let bed: TestBed;

beforeAll(async () => {
  bed = await openTestBed();
});

afterAll(() => bed.close());

const read = (folder: string): ResultFile =>
  resultFile.parse(JSON.parse(readFileSync(join(folder, "result.json"), "utf8")));

describe("the result of a run that held", () => {
  let run: TestRun;
  let result: ResultFile;

  beforeAll(async () => {
    const shares = { 1: { FO: 40, SO: 60 }, 2: { FX: 50, SX: 40 } };
    run = await runOn(bed, { children: 12, operations: 90, duration: 600_000, shares });
    result = read(run.result.folder);
  });

  test("says so, and under which conditions", () => {
    expect(result.verdict).toEqual({ is: "held", held: true, reasons: [] });
    expect(result.conditions).toMatchObject({ scenario: "test", target: "local", protocol: "ovm2", seed: 7 });
    expect(result.conditions.chains?.[1].chainId).toBe(bed.stack.chains[1].chainId);
  });

  test("has its phases one after the other, from the start to the end", () => {
    const { startedAt, endedAt = 0, phases } = result.time;
    expect(phases.map(({ phase }) => phase)).toEqual(["funding", "load", "drain", "refund", "audit"]);
    let until = phases[0]?.at ?? 0;
    expect(until).toBeGreaterThanOrEqual(startedAt);
    for (const { at, ms } of phases) {
      expect(at).toBeCloseTo(until, 3);
      until = at + ms;
    }
    expect(until).toBeCloseTo(endedAt, 3);
  });

  test("counts over time what its journal has", () => {
    const done = run.records.filter((record) => record.record === "done" && record.code !== "DN");
    const spans = result.operations.overTime.spans.flatMap((span) => Object.values(span));
    expect(spans.reduce((sum, one) => sum + one.done, 0)).toBe(done.length);
    expect(spans.reduce((sum, one) => sum + one.started, 0)).toBe(done.length);
    const finished = result.operations.figures.flatMap(({ count, failed, phases }) =>
      phases
        .filter(({ phase }) => phase === "finished")
        .map(({ histogram }) => [histogram.reduce((sum, [, of]) => sum + of, 0), count - failed]),
    );
    expect(finished.length).toBeGreaterThan(4);
    for (const [counted, succeeded] of finished) expect(counted).toBe(succeeded);
  });

  test("has of the slowest crossings each hash, block and time on both chains, as the chains have them", async () => {
    const crossings = result.operations.slowest.filter(({ from, to }) => from !== to);
    expect(new Set(crossings.map(({ code }) => code))).toEqual(new Set(["FO", "SO", "FX", "SX"]));
    for (const { from, to, transactions } of crossings.slice(0, 12)) {
      const [own, payout] = [transactions.find(({ what }) => what === "own"), transactions.at(-1)];
      expect([own?.chain, payout?.chain, payout?.what]).toEqual([from, to, "payout"]);
      for (const one of [own, payout]) {
        if (one?.chain === undefined) throw new Error("a crossing that was paid has both");
        const receipt = await bed.providers[one.chain].getTransactionReceipt(one.hash);
        expect(receipt?.blockNumber).toBe(one.block);
        const block = await bed.providers[one.chain].getBlock(one.block ?? 0);
        expect(one.blockTime).toBe((block?.timestamp ?? 0) * 1000);
      }
    }
  });

  test("splits a crossing's time into parts that add up, and names its records in op.log", () => {
    for (const { phases, parts, journal } of result.operations.slowest) {
      expect(parts.reduce((sum, { ms }) => sum + ms, 0)).toBeCloseTo(phases.at(-1)?.[1] ?? 0, 1);
      for (const line of journal) expect(run.opLog).toContain(`${line}\n`);
    }
  });

  test("tells of exits how long they waited for their state batch, and for the fraud-proof window", async () => {
    const partsOf = (code: string) =>
      result.operations.slowest
        .filter((one) => one.code === code)
        .map(({ parts }) => parts.map(({ part }) => part));
    const before = ["submit", "inclusion", "state root"];
    const slow = partsOf("SX");
    expect(slow.length).toBeGreaterThan(0);
    for (const parts of slow) expect(parts).toEqual([...before, "window", "relay and payout"]);
    for (const parts of partsOf("FX")) expect(parts).toEqual([...before, "relay and payout"]);
    for (const parts of [...partsOf("SO"), ...partsOf("FO")])
      expect(parts).toEqual(["submit", "inclusion", "relay and payout"]);
    const phases = result.operations.figures.find(({ code }) => code === "SX")?.phases ?? [];
    expect(phases.map(({ phase }) => phase)).toEqual([
      "submitted",
      "receipt",
      "provable",
      "finalisable",
      "finished",
    ]);
  });

  test("names the state batch that an exit waited for: the one that covers its block, by L1's own account", async () => {
    const exits = result.operations.slowest.filter(({ code }) => code === "SX" || code === "FX");
    expect(exits.length).toBeGreaterThan(0);
    for (const { transactions } of exits) {
      expect(transactions.map(({ what }) => what)).toEqual(["own", "state batch", "payout"]);
      const [own, batch, payout] = transactions;
      const receipt = await bed.providers[1].getTransactionReceipt(batch?.hash ?? "");
      expect([batch?.chain, receipt?.blockNumber]).toEqual([1, batch?.block]);
      const appended = receipt?.logs
        .map((log) => ABI.StateCommitmentChain.parseLog(log))
        .find((event) => event?.name === "StateBatchAppended");
      // The first state root is that of block 1.
      const before = Number(appended?.args["_prevTotalElements"]);
      expect(own?.block).toBeGreaterThan(before);
      expect(own?.block).toBeLessThanOrEqual(before + Number(appended?.args["_batchSize"]));
      expect(payout?.block).toBeGreaterThanOrEqual(batch?.block ?? 0);
    }
  });

  test("has the bridge's levels and the driver's own limits over time", () => {
    expect(result.samples.length).toBeGreaterThan(0);
    expect(Object.keys(result.samples[0]?.levels ?? {})).toContain("pool on L1");
  });

  test("is not held any more where a check of its spec failed", () => {
    tellFailedChecks(run.result.folder, []);
    expect(read(run.result.folder).verdict.held).toBe(true);
    tellFailedChecks(run.result.folder, [{ message: "\u001b[31mtoo slow\u001b[39m\n at line 3" }]);
    expect(read(run.result.folder).verdict).toEqual({
      is: "not held",
      held: false,
      reasons: ["A check of the spec failed: too slow"],
    });
  });
});

test("a run that is stopped says so, and is not held", async () => {
  const control = new Stop();
  const stop = { "operation done": () => control.raise(1, { kind: "signal", signal: "SIGTERM" }) } as const;
  const { result } = await runOn(bed, { duration: 600_000, control, follow: [stop] });
  const { is, held, reasons } = read(result.folder).verdict;
  expect([is, held, reasons]).toEqual(["stopped", false, [expect.stringContaining("SIGTERM")]]);
});

test("while a run goes on its result says that it has not ended", async () => {
  const logs = logPaths(ownFolder());
  const seen: ResultFile["verdict"][] = [];
  let folder = "";
  const made = {
    ...logs,
    runFolder: (...of: Parameters<typeof logs.runFolder>) => (folder = logs.runFolder(...of)),
  };
  const look = { "operation started": () => void seen.push(read(folder).verdict) } as const;
  await runOn(bed, { operations: 3, duration: 600_000, logs: made, follow: [look] });
  expect(new Set(seen.map(({ is }) => is))).toEqual(new Set(["unfinished"]));
  expect(read(folder).verdict.is).toBe("held");
});

test("a result that cannot be written at the end fails the run, which is told all the same", async () => {
  const logs = logPaths(ownFolder());
  let folder = "";
  const made = {
    ...logs,
    runFolder: (...of: Parameters<typeof logs.runFolder>) => (folder = logs.runFolder(...of)),
  };
  const remove = { "operation done": () => rmSync(folder, { recursive: true, force: true }) } as const;
  const running = runOn(bed, { operations: 3, duration: 600_000, logs: made, follow: [remove] });
  await expect(running).rejects.toMatchObject({ code: "LOGS_UNUSABLE" });
  expect(readFileSync(logs.opLog, "utf8")).toMatch(/^# Clean exit at /m);
});

test("a crossing that was paid twice is told with its deposit and both payouts: hashes, blocks and times", async () => {
  const faults = { faults: [{ fault: "duplicate relay" as const, path: "fast exits" as const, most: 1 }] };
  const shares = { 1: {}, 2: { FX: 100 } };
  const control = new Stop();
  const look = endAtSecondArrival(control);
  const plan = { startChain: 2 as const, duration: 600_000, shares, faults, control, follow: [look] };
  // What a bridge paid twice is missing in its pool: no other run shall meet it.
  const own = await openTestBed();
  onTestFinished(() => own.close());
  const { result } = await runOn(own, plan);
  const { verdict, crossings, injected } = read(result.folder);
  expect(verdict.reasons).toContain("1 crossing was paid more than once.");
  expect(injected.map(({ fault }) => fault)).toEqual(["duplicate relay"]);
  const [doubled] = crossings?.exceptions.filter((one) => one.class === "doubled") ?? [];
  expect(doubled?.arrivals).toHaveLength(2);
  const seen = [{ ...doubled, chain: doubled?.from }, ...(doubled?.arrivals ?? [])];
  for (const { chain, hash = "", block, blockTime } of seen) {
    if (chain === undefined) throw new Error("a crossing starts on a chain");
    expect((await own.providers[chain].getTransactionReceipt(hash))?.blockNumber).toBe(block);
    expect(blockTime).toBe(((await own.providers[chain].getBlock(block ?? 0))?.timestamp ?? 0) * 1000);
  }
});
