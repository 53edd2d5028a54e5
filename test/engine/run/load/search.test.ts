import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type GeneratorFigures, parseSearch } from "../../../../stress/engine/base/index.ts";
import type { Child } from "../../../../stress/engine/run/child.ts";
import type { Reins, SearchStep } from "../../../../stress/engine/run/load/load-model.ts";
import { SearchLoad } from "../../../../stress/engine/run/load/search.ts";
import { steadyMeter } from "../../../fakes/steady-meter.ts";
import { VirtualTime } from "../../../simulation/world/clock.ts";

const EPOCH = 1_000_000;
const HOURS = 100 * 3_600_000;

/** A target that takes so many operations a second, one after the other: whoever comes beyond that waits. */
interface Loaded {
  readonly limits: string;
  readonly first?: number;
  /** Operations a second. */
  readonly capacity?: number;
  readonly children?: number;
  /** Which operation of all, from 0, fails. */
  readonly fails?: (operation: number) => boolean;
  /** What an operation is. */
  readonly code?: (operation: number) => string;
  /** By how many operations have begun. */
  readonly generator?: (begun: number) => Partial<GeneratorFigures>;
  /** When the run is stopped. Milliseconds. */
  readonly until?: number;
}

async function search({
  limits,
  first = 1,
  capacity = Number.POSITIVE_INFINITY,
  children = 400,
  fails = () => false,
  code = () => "PY",
  generator = () => ({}),
  until = HOURS,
}: Loaded) {
  const time = new VirtualTime(EPOCH);
  const stop = new AbortController();
  const wait = (ms: number): Promise<void> => new Promise((resolve) => void time.at(time.now + ms, resolve));
  const terms = parseSearch(limits);
  if ("mistake" in terms) throw new Error(terms.mistake);
  const ended = Promise.withResolvers<string>();
  let begun = 0;
  let freeAt = 0;
  const lives: Promise<void>[] = [];
  const reins = {
    clock: { now: () => time.now, sleep: wait },
    soft: stop.signal,
    choose: () => ({ kind: "operation", operation: { code: code(begun) } }),
    perform: async (_: Child, chosen: { readonly operation: { readonly code: string } }, intended = 0) => {
      const operation = begun++;
      freeAt = Math.max(freeAt, time.now) + 1000 / capacity;
      await wait(freeAt - time.now);
      const kind = fails(operation) ? "failed" : "succeeded";
      const since = time.now - intended;
      return { code: chosen.operation.code, outcome: { kind }, phases: [0, since, since] };
    },
    keep: (life: Promise<void>) => void lives.push(life),
    meter: steadyMeter(() => generator(begun)),
    finish: () => ended.resolve("finished"),
  } as unknown as Reins;
  const load = new SearchLoad(reins, { ...terms, first });
  for (let number = 0; number < children; number++) load.begin({ number } as unknown as Child);
  load.loaded();
  time.at(EPOCH + until, () => {
    stop.abort();
    ended.resolve("stopped");
  });
  const end = await time.until(ended.promise, HOURS);
  if (load.figures.model !== "search") throw new Error("is a search");
  return { ...load.figures, end };
}

const rates = (steps: readonly SearchStep[]): number[] => steps.map(({ rate }) => rate);

const verdicts = (steps: readonly SearchStep[]): boolean[] => steps.map(({ broken }) => broken.length === 0);

describe("a search", () => {
  test("doubles the rate until a limit breaks, then halves the interval", async () => {
    const { steps, highest, isThrough, end } = await search({ limits: "p95(PY.finished)<1s", capacity: 11 });
    expect(rates(steps)).toEqual([1, 2, 4, 8, 16, 12, 10, 11]);
    expect(verdicts(steps)).toEqual([true, true, true, true, false, false, true, true]);
    expect([highest, isThrough, end]).toEqual([11, true, "finished"]);
    expect(steps[4]?.broken).toEqual([expect.stringMatching(/^p95\(PY\.finished\)<1s: [\d.]+ s of 320$/)]);
    // What one step left waiting is no other one's burden.
    expect(steps[6]?.measured[0]?.value).toBeLessThan(100);
  });

  test("says what it achieved, of how many, for how long", async () => {
    const { steps } = await search({ limits: "max(PY.receipt)<1s", first: 4, capacity: 5 });
    expect(steps[0]).toMatchObject({ rate: 4, ms: 20_000, due: 80, missed: 0, late: 0, succeeded: 80 });
    expect(steps[0]?.achieved).toBe(4);
  });

  test("goes below its first rate where that breaks, and gives up where nothing holds", async () => {
    const below = await search({ limits: "p95(PY.finished)<1s", first: 64, capacity: 11 });
    expect(rates(below.steps).slice(0, 4)).toEqual([64, 32, 16, 8]);
    expect(below.highest).toBe(11);
    const none = await search({ limits: "p95(PY.finished)<1ms", first: 16, capacity: 5 });
    expect(rates(none.steps)).toEqual([16, 8, 4, 2, 1]);
    expect([none.highest, none.isThrough]).toEqual([undefined, true]);
  });

  test("takes starts that find nobody free for a limit, unless it is told otherwise", async () => {
    const few = { capacity: 10, children: 1 };
    const { highest, steps } = await search({ limits: "p95(PY.finished)<1m", ...few });
    expect(highest).toBe(10);
    expect(steps.find(({ rate }) => rate === 16)?.broken).toEqual([
      expect.stringMatching(/^missed<1%: [\d.]+ % of 320$/),
    ]);
    const more = await search({ limits: "p95(PY.finished)<1m, missed<60%", ...few });
    // Every other start finds it free, and above that every third.
    expect(more.highest).toBe(20);
  });

  test("takes failures for a limit, unless it is told otherwise", async () => {
    // One in ten, from the sixtieth operation on.
    const fails = (operation: number): boolean => operation >= 60 && operation % 10 === 0;
    const { highest, steps } = await search({ limits: "p95(PY.finished)<1s", fails });
    expect(steps[2]).toMatchObject({
      rate: 4,
      broken: ["failures<=0%: 10 % of 80"],
      failed: 8,
      succeeded: 72,
    });
    expect(highest).toBe(2);
    const more = await search({ limits: "p95(PY.finished)<1s, failures<=10%", fails, capacity: 11 });
    expect(more.highest).toBeGreaterThan(8);
  });

  test("takes the generator for a limit, and names it", async () => {
    const generator = (begun: number) => (begun > 100 ? { busy: 0.99 } : {});
    const { highest, steps } = await search({ limits: "p95(PY.finished)<1s", generator });
    expect(highest).toBe(2);
    expect(steps[2]?.broken).toEqual([
      "the generator was the bottleneck: its event loop was busy for 99 % of the time",
    ]);
  });

  test("holds a rate longer where few operations of the kind in question start", async () => {
    const code = (operation: number): string => (operation % 4 === 0 ? "FX" : "PY");
    const { steps } = await search({ limits: "p95(FX.finished)<1s", first: 2, capacity: 3, code });
    expect(steps[0]).toMatchObject({ rate: 2, ms: 38_500, due: 77 });
    expect(steps[0]?.measured[0]).toMatchObject({ of: 20, isHeld: true });
  });

  test("does not call a rate held at which there was nothing to measure", async () => {
    const { highest, steps } = await search({ limits: "p95(SX.proven)<1s", first: 1 });
    expect(highest).toBeUndefined();
    expect(steps[0]).toMatchObject({ ms: 100_000, broken: ["p95(SX.proven)<1s: nothing to measure"] });
  });

  test("keeps what it has found where the run is stopped, and counts no step that was cut short", async () => {
    const { steps, highest, isThrough } = await search({ limits: "p95(PY.finished)<1s", until: 50_000 });
    expect(rates(steps)).toEqual([1, 2]);
    expect([highest, isThrough]).toEqual([2, false]);
  });

  test("finds the capacity of a target to a tenth, wherever it begins", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 5, max: 60 }),
        fc.integer({ min: 1, max: 50 }),
        async (capacity, first) => {
          const { highest = 0, steps } = await search({
            limits: "p99(PY.finished)<500ms, step=30s",
            capacity,
            first,
          });
          const broke = steps.filter(({ broken }) => broken.length > 0).map(({ rate }) => rate);
          expect(Math.min(...broke)).toBeLessThanOrEqual(highest * 1.1);
          // Within a step of 30 s a queue of half a second is a sixtieth of what came.
          expect(highest).toBeLessThanOrEqual(capacity * 1.03);
          expect(highest).toBeGreaterThanOrEqual(capacity / 1.1 / 1.001);
        },
      ),
      { numRuns: 10 },
    );
  });
});
