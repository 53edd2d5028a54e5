import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { HeadPolls } from "../../../stress/engine/chain/head-polls.ts";
import { runs } from "../../fakes/property.ts";

/**
 * Polls a chain whose blocks come at these times; tells how many polls that took, and how late each block was seen. Milliseconds.
 *
 * @param busy how much later than planned a poll happens
 */
function follow(blocks: readonly number[], waiting: number, busy: (planned: number) => number = () => 0) {
  const polls = new HeadPolls();
  const late: number[] = [];
  let asked = 0;
  let seen = 0;
  const last = blocks.at(-1) ?? 0;
  for (let now = 0; seen < blocks.length && now < 2 * last + 10_000; ) {
    asked++;
    const there = blocks.filter((at) => at <= now).length;
    if (there > seen) {
      polls.saw(there - seen, now);
      for (const at of blocks.slice(seen, there)) late.push(now - at);
      seen = there;
    } else polls.sawNothing(now);
    const pause = polls.pause(now, waiting);
    expect(pause).toBeGreaterThan(0);
    now += pause;
    now += busy(now);
  }
  return { asked, seen, late };
}

const regular = (count: number, every: number, jitter: (at: number) => number = () => 0): number[] =>
  Array.from({ length: count }, (_, at) => 500 + at * every + jitter(at));

const median = (all: readonly number[]): number =>
  all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0;

describe("polls for a chain's head", () => {
  test.each([250, 1000, 2000, 12_000])("are at most two a block of %i ms where nobody waits", (every) => {
    const { asked, seen } = follow(regular(300, every), 0);
    expect(seen).toBe(300);
    expect(asked / seen).toBeLessThanOrEqual(2);
  });

  test.each([250, 1000, 2000])(
    "are few, and see a block of %i ms within a sixteenth of that, where somebody does",
    (every) => {
      const { asked, seen, late } = follow(regular(300, every), 1);
      expect(asked / seen).toBeLessThanOrEqual(3);
      expect(median(late.slice(50))).toBeLessThanOrEqual(every / 16);
    },
  );

  test.each([2, 6])(
    "that come late, as this process is busy for %i blocks, make none late after them",
    (count) => {
      const blocks = regular(300, 250);
      const [from, to] = [blocks[100] ?? 0, blocks[100 + count] ?? 0];
      const { late } = follow(blocks, 1, (planned) => (planned > from && planned < to ? 60 : 0));
      expect(late[101]).toBeGreaterThan(50);
      expect(median(late.slice(101 + count, 107 + count))).toBeLessThanOrEqual(250 / 16);
    },
  );

  test("find the rhythm again where blocks' time changes", () => {
    const slow = regular(50, 1000);
    const start = slow.at(-1) ?? 0;
    const { late } = follow([...slow, ...Array.from({ length: 200 }, (_, at) => start + (at + 1) * 200)], 1);
    expect(median(late.slice(150))).toBeLessThanOrEqual(30);
  });

  test("take a chain that stood still for an hour for no slow one: its next blocks are seen as soon as those before", () => {
    const before = regular(50, 1000);
    const resumed = (before.at(-1) ?? 0) + 3_600_000;
    const after = Array.from({ length: 50 }, (_, at) => resumed + at * 1000);
    for (const waiting of [0, 1, 1000]) {
      const { late } = follow([...before, ...after], waiting);
      expect(Math.max(...late.slice(51))).toBeLessThanOrEqual(2000);
    }
  });

  test("see every block soon, whenever blocks come", () =>
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 20_000 }), { minLength: 2, maxLength: 100 }),
        fc.constantFrom(0, 1, 1000),
        (gaps, waiting) => {
          let at = 0;
          const { seen, late } = follow(
            gaps.map((gap) => (at += gap)),
            waiting,
          );
          expect(seen).toBe(gaps.length);
          expect(Math.max(...late)).toBeLessThanOrEqual(waiting > 0 ? 4000 : 16_000);
        },
      ),
      runs(100),
    ));
});
