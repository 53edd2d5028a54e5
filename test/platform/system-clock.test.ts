import { spawn } from "node:child_process";
import { getEventListeners, once } from "node:events";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { every } from "../../stress/engine/base/index.ts";
import { systemClock } from "../../stress/platform/system-clock.ts";
import { settled } from "../fakes/timers.ts";

/** Longer than any test waits. Milliseconds. */
const AN_HOUR = 3_600_000;

/** How much earlier than asked for a timer may end, as it counts in whole milliseconds. */
const ROUNDING_MS = 1;

const now = (): number => systemClock.now();
const sleep = (ms: number, signal?: AbortSignal): Promise<void> => systemClock.sleep(ms, signal);
const alarm = (ms: number): AbortSignal => systemClock.alarm(ms);

describe("the machine's time", () => {
  test("is Unix time in milliseconds, with fractions", () => {
    const times = Array.from({ length: 50 }, now);
    expect(Math.abs(now() - Date.now())).toBeLessThan(60_000);
    expect(times.some((time) => !Number.isInteger(time))).toBe(true);
  });

  test("never runs backwards", () => {
    const times = Array.from({ length: 1000 }, now);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });
});

describe("a sleep", () => {
  test("ends, and not before its time", async () => {
    const before = now();
    await sleep(30);
    expect(now() - before).toBeGreaterThanOrEqual(30 - ROUNDING_MS);
  });

  test("ends after those that are shorter, whichever began first", async () => {
    const ended: number[] = [];
    await Promise.all([40, 1, 20].map((ms) => sleep(ms).then(() => ended.push(ms))));
    expect(ended).toEqual([1, 20, 40]);
  });

  test.each([0, -1, -AN_HOUR])("of %i ms is over at once", async (ms) => {
    await sleep(ms);
  });

  test("is ended early by its signal, and does not reject", async () => {
    const controller = new AbortController();
    const sleeping = sleep(AN_HOUR, controller.signal);
    controller.abort(new Error("whatever the reason"));
    expect(await sleeping).toBeUndefined();
  });

  test("does not begin where its signal came before", async () => {
    expect(await sleep(AN_HOUR, AbortSignal.abort())).toBeUndefined();
  });

  test("leaves nothing behind at its signal, which may live as long as the run", async () => {
    const { signal } = new AbortController();
    await Promise.all([sleep(1, signal), sleep(1, signal)]);
    await settled();
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });

  test.each([2 ** 31, Number.POSITIVE_INFINITY])(
    "of %d ms, more than a timer can wait, is no short one",
    async (ms) => {
      const controller = new AbortController();
      let isOver = false;
      const sleeping = sleep(ms, controller.signal).then(() => {
        isOver = true;
      });
      await sleep(20);
      expect(isOver).toBe(false);
      controller.abort();
      await sleeping;
    },
  );
});

describe("an alarm", () => {
  test("comes, and not before its time", async () => {
    const before = now();
    const signal = alarm(30);
    expect(signal.aborted).toBe(false);
    await once(signal, "abort");
    expect(now() - before).toBeGreaterThanOrEqual(30 - ROUNDING_MS);
  });

  test.each([0, -1, 0.4, 1.5])("may be set to %d ms", async (ms) => {
    const signal = alarm(ms);
    if (!signal.aborted) await once(signal, "abort");
    expect(signal.aborted).toBe(true);
  });

  test.each([2 ** 31, Number.POSITIVE_INFINITY])(
    "may be set to %d ms, more than a timer can wait",
    async (ms) => {
      const signal = alarm(ms);
      await sleep(20);
      expect(signal.aborted).toBe(false);
    },
  );

  test("keeps no process alive", async () => {
    const clock = join(import.meta.dirname, "../../stress/platform/system-clock.ts");
    const script = `import { systemClock } from ${JSON.stringify(clock)}; systemClock.alarm(${AN_HOUR});`;
    const child = spawn(process.execPath, ["--input-type=module", "--eval", script], { stdio: "inherit" });
    expect(await once(child, "exit")).toEqual([0, null]);
  });
});

/** For what does not go wrong. */
const refuse = (error: unknown): never => {
  throw error;
};

describe("what is done at an interval", () => {
  test("is done again although it throws, or rejects, and what it throws is told", async () => {
    const told: unknown[] = [];
    await new Promise<void>((resolve) => {
      let count = 0;
      const act = async (): Promise<void> => {
        if (++count > 2) resolve();
        if (count === 1) throw new Error("first");
      };
      const end = every(systemClock, 1, act, (error) => told.push(error));
      onTestFinished(end);
    });
    expect(told).toEqual([new Error("first")]);
  });

  test("is done again and again, until it is ended", async () => {
    const before = now();
    const times: number[] = [];
    await new Promise<void>((resolve) => {
      const again = (): void => {
        times.push(now());
        if (times.length < 3) return;
        end();
        resolve();
      };
      const end = every(systemClock, 5, again, refuse);
    });
    await sleep(30);
    expect(times).toHaveLength(3);
    for (const [at, time] of times.entries())
      expect(time - (times[at - 1] ?? before)).toBeGreaterThanOrEqual(5 - ROUNDING_MS);
  });

  test("is not done any more once it is ended while it waits", async () => {
    let count = 0;
    const end = every(systemClock, 1, () => void count++, refuse);
    end();
    await sleep(20);
    expect(count).toBe(0);
  });
});
