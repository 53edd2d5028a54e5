import { describe, expect, test } from "vitest";
import { StressError } from "../../../stress/engine/base/index.ts";
import { Run } from "../../../stress/engine/run/index.ts";
import type { RunPlan } from "../../../stress/engine/run/plan.ts";
import { supervise } from "../../../stress/engine/run/supervisor.ts";
import { payment } from "../../../stress/protocols/payment.ts";
import { stepping } from "../../fakes/stepping.ts";
import { hurry, settled, slept, wakeAll } from "../../fakes/timers.ts";

type Drive = NonNullable<RunPlan["drive"]>;

const SIGNAL = { kind: "signal", signal: "SIGINT" } as const;

/** A run of two children whose operations a scenario picks. */
async function driven(drive: Drive, own: Partial<RunPlan> = {}) {
  const all = await stepping();
  const plan: RunPlan = {
    scenario: "test",
    seed: 1,
    children: 2,
    choices: [payment],
    startChainOf: () => 2,
    shares: { 1: {}, 2: {} },
    duration: Number.POSITIVE_INFINITY,
    operations: Number.POSITIVE_INFINITY,
    dispatchInterval: 0,
    minimumBalance: 1n,
    limits: { toleratedFailures: 0, slowAfter: 10_000, stuckAfter: 600_000, giveUpAfter: 600_000 },
    drive,
    ...own,
  };
  const run = new Run(plan, all.engine);
  await all.engine.openAccounts(run.children.map(({ address }) => address));
  for (const child of run.children) run.begin(child);
  return { ...all, run, stopped: run.untilStopped() };
}

const never = (): Promise<void> => new Promise(() => undefined);

describe("a scenario that drives", () => {
  test("is told by its signal that the run's time is over", async () => {
    let told: AbortSignal | undefined;
    const until: Drive = async (_, { signal }) => {
      told = signal;
      await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
    };
    const { run, stopped, engine, clock } = await driven(until, { duration: 5000 });
    const end = supervise(run, engine);
    await wakeAll();
    expect(told?.aborted).toBe(false);
    clock.advance(5000);
    await wakeAll();
    await stopped;
    await run.drained();
    end();
    expect([told?.aborted, run.stop.reason, run.problem]).toEqual([true, { kind: "duration" }, undefined]);
  });

  test("and never returns is left behind within seconds: the run fails, and says why", async () => {
    const { run, stopped } = await driven(never);
    run.stop.raise(1, { kind: "duration" });
    await stopped;
    await hurry(run.drained());
    expect(slept).toContain(10_000);
    const error = run.problem?.error;
    expect(error instanceof StressError && error.render()).toMatch(/did not return .*time is over[^]*signal/);
    expect(run.stop).toMatchObject({ level: 1, reason: { kind: "error" } });
  });

  test("and never returns is not waited for after a second Ctrl-C, and that is no failure of its", async () => {
    const { run, stopped } = await driven(never);
    run.stop.raise(1, SIGNAL);
    await stopped;
    const drained = run.drained();
    await settled();
    run.stop.raise(2, SIGNAL);
    // No sleep is ended for it.
    await drained;
    expect([run.problem, run.stop.reason]).toEqual([undefined, SIGNAL]);
  });

  test.each<[string, Drive]>([
    ["throws the signal's reason", async (_, { signal }) => void (await rejected(signal))],
    [
      "is in the middle of a loop of operations",
      async ([child]) => {
        for (;;) await child?.perform("PY");
      },
    ],
  ])("and %s when it is stopped ends without an error", async (_, drive) => {
    const { run, stopped, chains } = await driven(drive);
    await settled();
    run.stop.raise(1, SIGNAL);
    await stopped;
    chains[2].minePending();
    await wakeAll(2);
    await run.drained();
    expect([run.problem, run.failed, run.abandoned]).toEqual([undefined, [], []]);
  });

  test("may not begin anything once the run stops, and one that fails then is still told", async () => {
    const { run, stopped } = await driven(async ([child], { signal }) => {
      await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
      await expect(child?.perform("PY")).rejects.toThrow("the run is stopping");
      throw new Error("what it checked does not hold");
    });
    run.stop.raise(1, { kind: "duration" });
    await stopped;
    await run.drained();
    expect(run.problem?.error).toEqual(new Error("what it checked does not hold"));
  });
});

const rejected = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  });

test("a subscriber that throws where a stop is told ends the run as what it is, not the process", async () => {
  const { run, engine } = await driven(never);
  const mistake = new TypeError("cannot read properties of undefined");
  engine.stream.subscribe("report", {
    stop: () => {
      throw mistake;
    },
  });
  run.stop.raise(1, { kind: "duration" });
  await settled();
  expect(run.problem?.error).toBe(mistake);
});

test("a mistake in watching over a run's limits ends it, and is not lost", async () => {
  const { run, engine } = await driven(never);
  const mistake = new TypeError("cannot read properties of undefined");
  const broken = {
    ...engine,
    get watchers(): never {
      throw mistake;
    },
  };
  const end = supervise(run, broken);
  await wakeAll();
  end();
  expect([run.problem?.error, run.stop.level]).toEqual([mistake, 1]);
});
