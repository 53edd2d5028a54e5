import { parseEther } from "ethers";
import { describe, expect, test } from "vitest";
import { StressError } from "../../../stress/engine/base/index.ts";
import { Run } from "../../../stress/engine/run/index.ts";
import type { DrivenChild, RunPlan } from "../../../stress/engine/run/plan.ts";
import { supervise } from "../../../stress/engine/run/supervisor.ts";
import { payment } from "../../../stress/protocols/payment.ts";
import { steadyMeter } from "../../fakes/steady-meter.ts";
import { runPlan, stepping } from "../../fakes/stepping.ts";
import { hurry, settled, slept, wakeAll } from "../../fakes/timers.ts";

type Drive = NonNullable<RunPlan["drive"]>;

const SIGNAL = { kind: "signal", signal: "SIGINT" } as const;

/** A run of two children whose operations a scenario picks. */
async function driven(drive: Drive, own: Partial<RunPlan> = {}) {
  const all = await stepping();
  const limits = { toleratedFailures: 0, slowAfter: 10_000, stuckAfter: 600_000, giveUpAfter: 600_000 };
  const plan = runPlan({ limits, drive, ...own });
  const run = new Run(plan, all.engine, steadyMeter());
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

describe("a driven child", () => {
  const ask = async (act: (child: DrivenChild) => unknown, choices: RunPlan["choices"] = [payment]) => {
    const told: unknown[] = [];
    const { run, stopped, chains } = await driven(
      async ([child]) => void (child !== undefined && told.push(await act(child))),
      { choices },
    );
    await settled();
    chains[2].minePending();
    await wakeAll();
    await stopped;
    await run.drained();
    if (run.problem !== undefined) throw run.problem.error;
    return { told: told[0], chains };
  };

  test("says why it cannot perform an operation, and performs it where it can", async () => {
    const { told } = await ask((child) => [
      child.ready("PY"),
      child.ready("PY", { amount: parseEther("2") }),
    ]);
    expect(told).toEqual([undefined, "balance below fees"]);
    await expect(ask((child) => child.ready("XX"))).rejects.toThrow("no operation XX: PY (payment)");
  });

  test("moves the amount that it is told to, to the wei", async () => {
    const amount = parseEther("0.123456789");
    const { told, chains } = await ask((child) => child.perform("PY", { amount }));
    expect(told).toMatchObject({ outcome: { kind: "succeeded" } });
    expect(chains[2].sent.map(({ value }) => value)).toEqual([amount]);
  });

  test.each([
    ["more than it has", { amount: parseEther("1") }, [payment], "balance below fees"],
    ["nothing", { amount: 0n }, [payment], "a bigint above 0"],
    ["a negative amount", { amount: -1n }, [payment], "a bigint above 0"],
    ["an amount of what takes none", { amount: 1n }, [{ ...payment, takesAmount: false }], "takes no amount"],
    ["what starts on the other chain", {}, [{ ...payment, from: 1 as const }], "the child is on L2"],
  ])("is refused %s, with the reason", async (_, wanted, choices, reason) => {
    expect((await ask((child) => child.ready("PY", wanted), choices)).told).toContain(reason);
    await expect(ask((child) => child.perform("PY", wanted), choices)).rejects.toThrow(reason);
  });

  test("is busy while an operation of its is under way", async () => {
    const { told } = await ask((child) => {
      void child.perform("PY");
      return child.ready("PY");
    });
    expect(told).toBe("PY is under way");
  });
});
