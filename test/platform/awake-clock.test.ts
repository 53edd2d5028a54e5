import { describe, expect, onTestFinished, test } from "vitest";
import type { Clock } from "../../stress/engine/base/index.ts";
import { awakeClock } from "../../stress/platform/awake-clock.ts";

/** A machine's clock whose sleeps end when the time that the test sets has come. */
function machine() {
  const state = { ms: 1_000_000 };
  const sleepers = new Set<{ readonly at: number; readonly wake: () => void }>();
  const clock: Clock = {
    now: () => state.ms,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted === true) return resolve();
        const sleeper = { at: state.ms + ms, wake: resolve };
        sleepers.add(sleeper);
        signal?.addEventListener("abort", () => resolve(), { once: true });
      }),
    alarm: () => new AbortController().signal,
  };
  /** Has time pass as a process sees it that runs all the while: in small steps. */
  const run = async (ms: number): Promise<void> => {
    for (const until = state.ms + ms; state.ms < until; ) await stop(Math.min(500, until - state.ms));
  };
  /** Has time pass at once: the process did not run. */
  const stop = async (ms: number): Promise<void> => {
    state.ms += ms;
    for (const sleeper of sleepers) {
      if (sleeper.at > state.ms) continue;
      sleepers.delete(sleeper);
      sleeper.wake();
    }
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { clock, run, stop };
}

/** A clock on such a machine, and the pauses that it noticed. */
function awake() {
  const all = machine();
  const pauses: number[] = [];
  const clock = awakeClock(all.clock, (ms) => pauses.push(ms));
  onTestFinished(() => clock.close());
  return { ...all, clock, pauses };
}

describe("a clock that stands still while its process does", () => {
  test("goes as the machine's does while the process runs", async () => {
    const { clock, run, pauses } = awake();
    const before = clock.now();
    await run(3_600_000);
    expect([clock.now() - before, pauses]).toEqual([3_600_000, []]);
  });

  test("does not count a pause, and tells it, whoever asks first", async () => {
    const { clock, run, stop, pauses } = awake();
    const before = clock.now();
    await run(10_000);
    await stop(120_000);
    await run(10_000);
    await stop(30_000);
    expect(pauses).toEqual([119_000, 29_000]);
    expect(clock.now() - before).toBe(10_000 + 1000 + 10_000 + 1000);
  });

  test("counts what is no more than a busy machine", async () => {
    const { clock, stop, pauses } = awake();
    const before = clock.now();
    await stop(5500);
    expect([clock.now() - before, pauses]).toEqual([5500, []]);
  });

  test("has its sleeps and alarms last as long as the process is awake, to a second", async () => {
    const { clock, run, stop } = awake();
    let isOver = false;
    const sleeping = clock.sleep(60_000).then(() => {
      isOver = true;
    });
    const alarm = clock.alarm(60_000);
    await run(10_000);
    await stop(3_600_000);
    await run(40_000);
    expect([isOver, alarm.aborted]).toEqual([false, false]);
    await run(10_000);
    await sleeping;
    expect([isOver, alarm.aborted]).toEqual([true, true]);
  });

  test("has a sleep end with its signal, and no alarm once it is closed", async () => {
    const { clock, run } = awake();
    const alarm = clock.alarm(1000);
    const signal = new AbortController();
    const sleeping = clock.sleep(Number.POSITIVE_INFINITY, signal.signal);
    signal.abort();
    await sleeping;
    clock.close();
    await run(5000);
    expect(alarm.aborted).toBe(false);
  });
});
