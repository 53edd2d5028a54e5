import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Clock } from "../../../../stress/engine/base/index.ts";
import type { Child } from "../../../../stress/engine/run/child.ts";
import type { Choice } from "../../../../stress/engine/run/dispatcher.ts";
import type { Reins } from "../../../../stress/engine/run/load/load-model.ts";
import { OpenLoad } from "../../../../stress/engine/run/load/open.ts";
import { Schedule } from "../../../../stress/engine/run/load/schedule.ts";
import { VirtualTime } from "../../../simulation/world/clock.ts";

const EPOCH = 1_000_000;

/** An operation as it was begun. Milliseconds since the load began. */
interface Begun {
  readonly child: number;
  readonly at: number;
  readonly intended: number;
}

/** What children do when they are asked; "too poor" ones get money after a second. */
type Does = (child: number, at: number) => Choice["kind"];

/** Drives children by a rate for a time, where each operation takes so long. */
async function drive(
  {
    rate,
    children,
    takes,
    until,
    stalls = () => 0,
  }: {
    readonly rate: number;
    readonly children: number;
    readonly takes: number;
    readonly until: number;
    /** How long the process comes to nothing after a sleep, in milliseconds. */
    readonly stalls?: (at: number) => number;
  },
  does: Does = () => "operation",
) {
  const time = new VirtualTime(EPOCH);
  const stop = new AbortController();
  const sleep = (ms: number): Promise<void> => new Promise((resolve) => void time.at(time.now + ms, resolve));
  const clock: Pick<Clock, "now" | "sleep"> = {
    now: () => time.now,
    sleep: (ms) => sleep(ms + stalls(time.now - EPOCH)),
  };
  const begun: Begun[] = [];
  const lives: Promise<void>[] = [];
  const reins = {
    clock,
    soft: stop.signal,
    choose: ({ number }: Child) => ({ kind: does(number, time.now - EPOCH) }),
    perform: async ({ number }: Child, _: unknown, intended = Number.NaN) => {
      begun.push({ child: number, at: time.now - EPOCH, intended: intended - EPOCH });
      await sleep(takes);
    },
    keep: (life: Promise<void>) => void lives.push(life),
  } as unknown as Reins;
  const load = new OpenLoad(reins, new Schedule([{ from: rate, to: rate, ms: Number.POSITIVE_INFINITY }]));
  for (let number = 0; number < children; number++) {
    load.begin({ number, idle: () => sleep(1000) } as unknown as Child);
  }
  load.loaded();
  await time.pass(until);
  stop.abort();
  return { begun, figures: load.figures, restsFor: EPOCH + until - (load.restsSince() ?? Number.NaN) };
}

describe("an open load", () => {
  test("starts on schedule, however long operations take, on those who are free", async () => {
    const { begun, figures } = await drive({ rate: 10, children: 5, takes: 450, until: 950 });
    expect(begun.map(({ at }) => at)).toEqual([0, 100, 200, 300, 400, 500, 600, 700, 800, 900]);
    expect(begun.map(({ child }) => child)).toEqual([0, 1, 2, 3, 4, 0, 1, 2, 3, 4]);
    expect(figures).toEqual({ model: "open", due: 10, made: 10, missed: 0, late: 0, latest: 0 });
  });

  test("counts the starts that find nobody free, and makes up for none of them", async () => {
    const { begun, figures } = await drive({ rate: 10, children: 1, takes: 450, until: 1950 });
    expect(begun.map(({ at }) => at)).toEqual([0, 500, 1000, 1500]);
    expect(figures).toMatchObject({ model: "open", due: 20, made: 4, missed: 16 });
  });

  test("passes over who may do nothing now, and leaves who is too poor until money comes", async () => {
    const does: Does = (child, at) =>
      child === 0 ? "nothing now" : child === 1 && at < 1000 ? "too poor" : "operation";
    const { begun } = await drive({ rate: 5, children: 3, takes: 50, until: 1390 }, does);
    expect(begun.map(({ child }) => child)).toEqual([2, 2, 2, 2, 2, 2, 1]);
  });

  test("counts times from the start that was due where this process was late (no coordinated omission)", async () => {
    const stalls = (at: number): number => (at === 200 ? 350 : 0);
    const { begun, figures } = await drive({ rate: 10, children: 9, takes: 10, until: 950, stalls });
    expect(begun.map(({ intended }) => intended)).toEqual([0, 100, 200, 300, 400, 500, 600, 700, 800, 900]);
    expect(begun.map(({ at }) => at)).toEqual([0, 100, 200, 650, 650, 650, 650, 700, 800, 900]);
    // What was due at 300, 400 and 500 came at 650; what was due at 600 was as good as in time.
    expect(figures).toMatchObject({ due: 10, missed: 0, late: 3, latest: 350 });
  });

  test("rests since the first start that was missed, and not where nothing is due for long", async () => {
    const quick = { rate: 10, children: 2, takes: 10 };
    const does: Does = (_, at) => (at < 1000 ? "nothing now" : "operation");
    expect((await drive({ ...quick, until: 950 }, does)).restsFor).toBe(950);
    expect((await drive({ ...quick, until: 1950 }, does)).restsFor).toBeNaN();
    const rare = await drive({ ...quick, rate: 0.01, until: 90_000 });
    expect([rare.begun.length, rare.restsFor]).toEqual([1, Number.NaN]);
  });

  test("is at each time as far as its schedule, whatever operations take", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 200 }),
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 0, max: 3000 }),
        async (rate, children, takes) => {
          const { begun, figures } = await drive({ rate, children, takes, until: 2000 });
          if (figures.model !== "open") throw new Error("is open");
          expect(figures.due).toBeGreaterThanOrEqual(2 * rate);
          expect(figures.due).toBeLessThanOrEqual(2 * rate + 1);
          expect(figures.made).toBe(begun.length);
          for (const { at, intended } of begun) expect(intended).toBe(Math.floor(at));
          // Nobody has two operations at a time.
          expect(begun.length).toBeLessThanOrEqual(
            children * (Math.floor(2000 / Math.max(takes, 1)) + 1) + 1,
          );
        },
      ),
      { numRuns: 30 },
    );
  });
});
