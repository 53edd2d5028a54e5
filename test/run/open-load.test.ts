import { afterAll, beforeAll, expect, test } from "vitest";
import { checkJournal } from "../../stress/journal/check-journal.ts";
import { parseSearch } from "../../stress/engine/base/index.ts";
import { perSecond } from "../../stress/report/search-lines.ts";
import { SkippingClock } from "../fakes/skipping-clock.ts";
import { openTestBed, runOn, type TestBed } from "./running.ts";

let bed: TestBed;

beforeAll(async () => {
  bed = await openTestBed();
});

afterAll(() => bed.close());

test("operations start on schedule on children that are free, and starts that find none are counted", async () => {
  const { result, records, printed, opLog } = await runOn(bed, {
    children: 2,
    operations: 20,
    duration: 600_000,
    // More than two children can do, each of whom waits for a block of 100 ms.
    rate: [{ from: 200, to: 200, ms: Number.POSITIVE_INFINITY }],
    startChain: 2,
    shares: { 1: {}, 2: { PY: 100 } },
  });
  expect(result).toMatchObject({ clean: true, failed: [], reason: { kind: "operations" } });
  expect(result).toConserveFunds();
  checkJournal(records);
  const { load } = result;
  if (load.model !== "open") throw new Error("it has a rate");
  expect(load.made).toBe(20);
  expect(load.missed).toBe(load.due - 20);
  expect(load.missed).toBeGreaterThan(0);
  expect(opLog).toContain(`# due=${load.due} missed=${load.missed} late=${load.late} latest=`);
  const { generator } = result;
  expect(generator?.busy).toBeGreaterThan(0);
  expect(generator?.cpu).toBeGreaterThan(0);
  expect(generator?.delayP99).toBeGreaterThanOrEqual(0);
  expect(printed.join("\n")).toMatch(
    / {2}generator: event-loop delay p99 [\d.]+ s, busy [\d.]+ % of the time/,
  );
  expect(printed.join("\n")).toMatch(
    /open load: [\d,]+ starts were due, 20 made; [\d,]+ missed: no child was free/,
  );
});

test("a search raises the rate until starts find nobody free, and tells the highest that held with its evidence", async () => {
  const terms = parseSearch("p95(PY.finished)<1m, step=200ms");
  if ("mistake" in terms) throw new Error(terms.mistake);
  const { result, records, printed, opLog } = await runOn(bed, {
    children: 2,
    duration: Number.POSITIVE_INFINITY,
    search: { ...terms, first: 8 },
    startChain: 2,
    shares: { 1: {}, 2: { PY: 100 } },
  });
  expect(result).toMatchObject({ clean: true, failed: [], reason: { kind: "finished" } });
  expect(result).toConserveFunds();
  checkJournal(records);
  const { load } = result;
  if (load.model !== "search") throw new Error("it is a search");
  expect(load.isThrough).toBe(true);
  // Two children cannot do more than two payments in a block: some rate has to break, whatever else the machine does.
  const broken = load.steps.filter((step) => step.broken.length > 0);
  expect(broken.some((step) => step.missed > 0)).toBe(true);
  const held = load.steps.filter((step) => step.broken.length === 0).map(({ rate }) => rate);
  expect(load.highest).toBe(held.length === 0 ? undefined : Math.max(...held));
  const started = load.steps.reduce((sum, { due, missed }) => sum + due - missed, 0);
  expect(started).toBe(records.filter((record) => record.record === "done" && record.code === "PY").length);
  for (const { rate, broken: why } of load.steps)
    expect(opLog).toContain(`# rate=${perSecond(rate)} held=${why.length === 0}`);
  const told = printed.join("\n");
  expect(told).toMatch(/search: rates tried \d+; .* held.*the lowest that broke/);
  expect(told).toMatch(/rate +for +achieved +started +missed +failed +p95\(PY\.finished\) +verdict/);
});

test("a schedule that has nothing due for long is no rest that ends the run", async () => {
  const clock = new SkippingClock();
  let isSkipped = false;
  const { result } = await runOn(bed, {
    children: 2,
    operations: 2,
    duration: 600_000,
    rate: [{ from: 1 / 30, to: 1 / 30, ms: Number.POSITIVE_INFINITY }],
    startChain: 2,
    shares: { 1: {}, 2: { PY: 100 } },
    clock,
    follow: [
      {
        "operation done": ({ code }) => {
          if (code !== "PY" || isSkipped) return;
          isSkipped = true;
          clock.skip(27_000);
        },
      },
    ],
  });
  expect(result).toMatchObject({ clean: true, failed: [], reason: { kind: "operations" } });
  expect(result.load).toMatchObject({ due: 2, made: 2, missed: 0 });
});

test("children have several payments under way at once, each told by a number of its own, and the books hold", async () => {
  const { result, records } = await runOn(bed, {
    children: 3,
    inFlight: 4,
    operations: 120,
    duration: 600_000,
    startChain: 2,
    shares: { 1: {}, 2: { PY: 100 } },
  });
  expect(result).toMatchObject({ clean: true, failed: [], reason: { kind: "operations" } });
  expect(result).toConserveFunds();
  // Of no number two are open.
  checkJournal(records);
  const accountOf = new Map<number, string>();
  const open = new Map<string, number>();
  let most = 0;
  for (const record of records) {
    if (record.record === "init") accountOf.set(record.child, record.address);
    if (!("code" in record) || record.code !== "PY") continue;
    const account = accountOf.get(record.child) ?? "";
    const change = record.record === "start" ? 1 : record.record === "done" ? -1 : 0;
    open.set(account, (open.get(account) ?? 0) + change);
    most = Math.max(most, open.get(account) ?? 0);
  }
  expect([accountOf.size, new Set(accountOf.values()).size, most]).toEqual([12, 3, 4]);
});
