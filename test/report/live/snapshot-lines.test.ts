import * as fc from "fast-check";
import { expect, test } from "vitest";
import { minuteLine } from "../../../stress/report/live/minute-line.ts";
import type { LiveSnapshot } from "../../../stress/report/live/snapshot.ts";
import { snapshotLines } from "../../../stress/report/live/snapshot-lines.ts";

const HASH = `0x${"a1".repeat(32)}`;

/** A run under full load. */
const RUN: LiveSnapshot = {
  scenario: "mixed",
  target: "local",
  phase: "load",
  phaseMs: 9000,
  progress: { part: 0.45, leftMs: 11_400 },
  stopLevel: 0,
  children: 20,
  performed: 1234,
  failed: 0,
  rate: 26.14,
  codes: [
    { code: "FX", running: 4, done: 30, failed: 0, p50: 1700, p95: 2200 },
    { code: "IF", running: 0, done: 20, failed: 0 },
    { code: "PY", running: 9, done: 1184, failed: 0, p50: 270, p95: 1190 },
  ],
  levels: [["pool on L1", "11.578354"]],
  slowest: [{ child: 7, code: "FX", age: 8400, waitingFor: "payout", hash: HASH }],
  open: 13,
  found: [],
};

const texts = (snapshot: LiveSnapshot, columns: number, rows = 40): string[] =>
  snapshotLines(snapshot, { columns, rows }).map(({ text }) => text);

test("a run is told by its phase and progress, counts, findings, codes, what is open for longest, and what the bridge keeps", () => {
  expect(texts(RUN, 80)).toEqual([
    "load █████░░░░░░░ 45 %, 11 s left · mixed on local",
    "1,234 operations, 26/s, 0 failed, 13 open, 20 children",
    "found: nothing so far",
    "code  running   done  failed     p50     p95  (last minute)",
    "FX          4     30       0  1.70 s  2.20 s",
    "IF          0     20       0       –       –",
    "PY          9  1,184       0  270 ms  1.19 s",
    "open for 8.40 s: FX of child 7 waits for its payout 0xa1a1a1a1…a1a1a1",
    "ETH: pool on L1 11.578354",
  ]);
});

test("a wider terminal shows a longer bar and whole hashes", () => {
  const lines = texts(RUN, 200);
  expect(lines[0]).toBe("load ███████████░░░░░░░░░░░░░ 45 %, 11 s left · mixed on local");
  expect(lines).toContain(`open for 8.40 s: FX of child 7 waits for its payout ${HASH}`);
});

test("what went wrong stands out, and a stop level is told", () => {
  const codes = [{ code: "PY", running: 0, done: 3, failed: 1 }];
  const found = ["2 crossings paid again on L1"];
  const lines = snapshotLines(
    { ...RUN, codes, found, failed: 1, stopLevel: 1, phase: "drain", progress: {} },
    { columns: 80, rows: 40 },
  );
  expect(lines[0]).toEqual({ tone: "title", text: "drain for 9 s · stop level 1 · mixed on local" });
  expect(lines.filter(({ tone }) => tone === "bad").map(({ text }) => text)).toEqual([
    "1,234 operations, 26/s, 1 failed, 13 open, 20 children",
    "found: 2 crossings paid again on L1",
    "PY          0     3       1    –    –",
  ]);
});

test("where there is no room for all codes, those are told that something happens to", () => {
  expect(texts(RUN, 80, 6).slice(4)).toEqual([
    "FX          4     30       0  1.70 s  2.20 s",
    "PY          9  1,184       0  270 ms  1.19 s",
  ]);
});

const anything = fc.record({
  scenario: fc.string(),
  target: fc.string(),
  phase: fc.constantFrom("checks" as const, "funding" as const, "load" as const, "audit" as const),
  phaseMs: fc.nat(),
  progress: fc.record({
    part: fc.double({ min: 0, max: 1, noNaN: true }),
    leftMs: fc.nat(),
    what: fc.string(),
  }),
  stopLevel: fc.nat(3),
  children: fc.nat(),
  performed: fc.nat(),
  failed: fc.nat(),
  rate: fc.double({ min: 0, max: 1e6, noNaN: true }),
  codes: fc.array(
    fc.record({
      code: fc.stringMatching(/^[A-Z]{2}$/),
      running: fc.nat(),
      done: fc.nat(),
      failed: fc.nat(),
      p50: fc.nat(),
      p95: fc.nat(),
    }),
  ),
  levels: fc.array(fc.tuple(fc.string(), fc.string())),
  slowest: fc.array(
    fc.record({
      child: fc.nat(),
      code: fc.constant("FX"),
      age: fc.nat(),
      waitingFor: fc.string(),
      hash: fc.constant(HASH),
    }),
  ),
  open: fc.nat(),
  found: fc.array(fc.string()),
});

test("whatever there is to tell, it takes no more than the room there is", () => {
  const room = fc.record({
    columns: fc.integer({ min: 1, max: 220 }),
    rows: fc.integer({ min: 0, max: 60 }),
  });
  fc.assert(
    fc.property(anything, room, (snapshot, given) => {
      const lines = snapshotLines(snapshot, given);
      expect(lines.length).toBeLessThanOrEqual(given.rows);
      for (const { text } of lines) {
        expect(text.length).toBeLessThanOrEqual(given.columns);
        expect(text).not.toMatch(/[\r\n\t]/);
      }
    }),
  );
});

test("a run in one line tells how far it is, its rate, what is open for longest, and what was found", () => {
  expect(minuteLine(RUN)).toBe(
    "load 45 %, 11 s left: 1,234 operations, 26/s, 0 failed, 13 open, oldest FX 8.40 s",
  );
  const { slowest: _, ...quiet } = RUN;
  expect(
    minuteLine({ ...quiet, slowest: [], phase: "audit", progress: {}, found: ["1 outage of L1's endpoint"] }),
  ).toBe("audit: 1,234 operations, 26/s, 0 failed, 13 open; found 1 outage of L1's endpoint");
});
