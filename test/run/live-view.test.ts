import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { openOnlookers } from "../../fixtures/onlookers/open-onlookers.ts";
import { type ViewMessage, viewMessage } from "../../fixtures/onlookers/view-message.ts";
import { hearLines } from "../../fixtures/worker/hear-lines.ts";
import { Stop } from "../../stress/engine/base/stop.ts";
import type { LiveSnapshot } from "../../stress/report/live/snapshot.ts";
import { listenForWorkers } from "../../tools/worker-socket.ts";
import { endAtSecondArrival } from "./second-arrival.ts";
import { openTestBed, runOn, type TestBed, type TestPlan, type TestRun } from "./running.ts";

let bed: TestBed;

beforeAll(async () => {
  bed = await openTestBed();
});

afterAll(() => bed.close());

/** A run, and all that it told who shows it live. */
async function watched(on: TestBed, plan: TestPlan): Promise<{ run: TestRun; told: ViewMessage[] }> {
  const told: ViewMessage[] = [];
  const ended = Promise.withResolvers<void>();
  const socket = await listenForWorkers("test", (worker) => {
    worker.write(`${JSON.stringify({ columns: 77 })}\n`);
    hearLines(worker, (line) => told.push(viewMessage.parse(JSON.parse(line))));
    worker.once("close", () => ended.resolve());
  });
  const onlookers = await openOnlookers({ metrics: "", view: socket.address });
  try {
    const run = await runOn(on, { ...plan, looksOn: onlookers.all });
    expect(onlookers.columns?.()).toBe(77);
    return { run, told };
  } finally {
    await onlookers.close();
    await ended.promise;
    socket.close();
  }
}

const SHARES = { 1: { PY: 60, FO: 40 }, 2: { PY: 60, FX: 40 } };

describe("a run that is watched live", () => {
  let run: TestRun;
  let snapshots: LiveSnapshot[];
  let told: ViewMessage[];

  beforeAll(async () => {
    ({ run, told } = await watched(bed, { children: 6, operations: 40, duration: 600_000, shares: SHARES }));
    snapshots = told.flatMap(({ now }) => now ?? []);
  });

  test("tells each of its phases, and in the end that it is over", () => {
    const phases = snapshots.map(({ phase }) => phase);
    expect([...new Set(phases)]).toEqual(["funding", "load", "drain", "refund", "audit"]);
    expect(told.at(-1)).toEqual({ run: 0, now: null });
  });

  test("ends with the figures that its result has", () => {
    const last = snapshots.at(-1);
    const { operations, figures } = run.result;
    expect(last).toMatchObject({ performed: operations, failed: 0, open: 0, children: 6, found: [] });
    expect(last?.codes.map(({ code, running, done }) => [code, running, done])).toEqual(
      figures.filter(({ count }) => count > 0).map(({ code, count }) => [code, 0, count]),
    );
  });

  test("tells how far it is, never less than before in the same phase", () => {
    for (const phase of ["funding", "load", "refund"]) {
      const parts = snapshots
        .filter((one) => one.phase === phase)
        .map(({ progress }) => progress.part)
        .filter((part) => part !== undefined);
      expect(parts).toEqual(parts.toSorted((a, b) => a - b));
    }
    const loaded = snapshots.findLast(({ phase }) => phase === "drain");
    expect(loaded?.stopLevel).toBe(1);
  });
});

test("a crossing that is paid twice is told while the run goes on, and by the audit in the end", async () => {
  // What a bridge paid twice is missing in its pool: no other run shall meet it.
  const own = await openTestBed();
  onTestFinished(() => own.close());
  const control = new Stop();
  const faults = { faults: [{ fault: "duplicate relay" as const, path: "fast exits" as const, most: 1 }] };
  const shares = { 1: {}, 2: { FX: 100 } };
  const follow = [endAtSecondArrival(control)];
  const plan = { startChain: 2 as const, duration: 600_000, shares, faults, control, follow };
  const { told } = await watched(own, plan);
  const found = (phase: string) =>
    told.flatMap(({ now }) => (now?.phase === phase ? [now.found.join("; ")] : []));
  expect(found("drain").join()).toContain("1 crossing paid again on L1");
  expect(found("audit").at(-1)).toContain("1 crossing doubled");
});
