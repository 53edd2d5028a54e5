import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { openOnlookers, type OpenOnlookers } from "../../fixtures/onlookers/open-onlookers.ts";
import { Stop } from "../../stress/engine/base/stop.ts";
import { METRICS, PREFIX } from "../../stress/report/metrics/catalogue.ts";
import { type ResultFile, resultFile } from "../../stress/report/result/schema.ts";
import { type MetricsServer, startMetricsServer } from "../../tools/metrics-server.ts";
import { type Scraped, scrape, sumOf } from "../fakes/prometheus.ts";
import { endAtSecondArrival } from "./second-arrival.ts";
import { openTestBed, runOn, type TestBed } from "./running.ts";

let bed: TestBed;
let server: MetricsServer;
let onlookers: OpenOnlookers;

beforeAll(async () => {
  bed = await openTestBed();
  server = await startMetricsServer("127.0.0.1:0");
  onlookers = await openOnlookers({ view: "", metrics: server.address });
});

afterAll(async () => {
  await onlookers.close();
  server.close();
  await bed.close();
});

const read = (folder: string): ResultFile =>
  resultFile.parse(JSON.parse(readFileSync(join(folder, "result.json"), "utf8")));

const of = (scraped: Scraped, name: keyof typeof METRICS, labels: Readonly<Record<string, string>> = {}) =>
  sumOf(scraped, `${PREFIX}${name}`, labels);

const SHARES = { 1: { PY: 20, FO: 40, SO: 40 }, 2: { PY: 20, FX: 40, SX: 40 } };

describe("the metrics of a run", () => {
  let before: Scraped;
  let during: Scraped[];
  let twice: (readonly [Scraped, Scraped])[];
  let after: Scraped;
  let result: ResultFile;

  beforeAll(async () => {
    before = await scrape(server.url);
    const asked: Promise<Scraped>[] = [];
    const pairs: Promise<readonly [Scraped, Scraped]>[] = [];
    let done = 0;
    const look = {
      "operation done": () => {
        // In the middle of the load: all children are funded by then.
        if (++done % 20 !== 0) return;
        asked.push(scrape(server.url));
        pairs.push(Promise.all([scrape(server.url), scrape(server.url)]));
      },
    } as const;
    const plan = { children: 8, operations: 60, duration: 600_000, shares: SHARES, follow: [look] };
    const run = await runOn(bed, { ...plan, looksOn: onlookers.all });
    during = await Promise.all(asked);
    twice = await Promise.all(pairs);
    after = await scrape(server.url);
    result = read(run.result.folder);
  });

  test("are none before it", () => {
    expect(before.series).toEqual([]);
  });

  test("add up to what its result has, by code", () => {
    const { figures } = result.operations;
    expect(figures.length).toBeGreaterThan(5);
    for (const { code, count, failed, refused, phases } of figures) {
      expect(of(after, "operations_started_total", { code })).toBe(count);
      expect(of(after, "operations_ended_total", { code })).toBe(count);
      expect(of(after, "operations_ended_total", { code, outcome: "succeeded" })).toBe(count - failed);
      expect(of(after, "operations_refused_total", { code })).toBe(refused);
      expect(of(after, "operations_running", { code })).toBe(0);
      for (const { phase, histogram } of phases) {
        const counted = sumOf(after, `${PREFIX}operation_phase_seconds_count`, { code, phase });
        expect(counted).toBe(histogram.reduce((sum, [, times]) => sum + times, 0));
        const all = sumOf(after, `${PREFIX}operation_phase_seconds_bucket`, { code, phase, le: "+Inf" });
        expect(all).toBe(counted);
      }
    }
  });

  test("are in seconds, as its result is in milliseconds", () => {
    for (const { code, phases } of result.operations.figures)
      for (const { phase, histogram } of phases) {
        const ms = histogram.reduce((sum, [time, times]) => sum + time * times, 0);
        const seconds = sumOf(after, `${PREFIX}operation_phase_seconds_sum`, { code, phase });
        // The histogram has two significant digits.
        expect(Math.abs(seconds * 1000 - ms)).toBeLessThanOrEqual(0.06 * ms + 0.01);
      }
  });

  test("have its crossings by class, as the audit found them", () => {
    const counts = Object.entries(result.crossings?.counts ?? {});
    for (const [name, count] of counts) expect(of(after, "crossings", { class: name })).toBe(count);
    expect(of(after, "crossings", { class: "paid once" })).toBeGreaterThan(0);
    expect(of(after, "crossings")).toBe(counts.reduce((sum, [, count]) => sum + count, 0));
  });

  test("have what went over the wire, by endpoint and method", () => {
    for (const chain of [1, 2] as const) {
      const { traffic } = result.chains?.[chain] ?? {};
      const endpoint = traffic?.endpoints[0] ?? "";
      const methods = after.series.filter(
        ({ name, labels }) => name === `${PREFIX}rpc_calls_total` && labels["endpoint"] === endpoint,
      );
      expect(methods.map(({ labels }) => labels["method"])).toContain("eth_sendRawTransaction");
      // The closing report asks a little more, after the result was made.
      const calls = of(after, "rpc_calls_total", { chain: String(chain) });
      expect(calls).toBeGreaterThanOrEqual(traffic?.requests ?? Number.NaN);
      expect(calls).toBeLessThan((traffic?.requests ?? Number.NaN) + 100);
      expect(of(after, "rpc_errors_total", { chain: String(chain) })).toBe(
        Object.values(traffic?.errors ?? {}).reduce((sum, count) => sum + count, 0),
      );
    }
  });

  test("tell while it goes on what is under way", () => {
    expect(during.length).toBeGreaterThan(2);
    for (const scraped of during) {
      const begun = of(scraped, "operations_started_total");
      const ended = of(scraped, "operations_ended_total");
      expect(of(scraped, "operations_running")).toBe(begun - ended);
      expect(of(scraped, "run_open")).toBe(1);
      for (const chain of ["1", "2"]) {
        expect(of(scraped, "chain_block_height", { chain })).toBeGreaterThan(0);
        expect(of(scraped, "funder_balance_ether", { chain })).toBeGreaterThan(1);
      }
      const children = of(scraped, "children");
      expect(children).toBe(8);
    }
    const heights = during.map((scraped) => of(scraped, "chain_block_height", { chain: "2" }));
    expect(heights).toEqual(heights.toSorted((a, b) => a - b));
    expect(of(after, "run_open")).toBe(0);
  });

  test("have the bridge's pools, and the driver's own limits", () => {
    expect(of(after, "bridge_balance_ether", { name: "pool on L1" })).toBeGreaterThan(0);
    expect(of(after, "driver_cpu_ratio")).toBeGreaterThan(0);
    expect(of(after, "driver_event_loop_busy_ratio")).toBeLessThanOrEqual(1);
  });

  test("all have the types of the catalogue, its scenario and its target, and no labels but those of the catalogue", () => {
    expect(Object.fromEntries(after.types)).toEqual(
      Object.fromEntries(Object.entries(METRICS).map(([name, { type }]) => [`${PREFIX}${name}`, type])),
    );
    for (const { name, labels } of after.series) {
      const own = name.replace(PREFIX, "").replace(/_seconds_(bucket|sum|count)$/, "_seconds");
      const known: readonly string[] = METRICS[own as keyof typeof METRICS].labels;
      const { target, scenario, le: _, ...rest } = labels;
      expect([target, scenario]).toEqual(["local", "test"]);
      expect(Object.keys(rest).sort()).toEqual([...known].sort());
    }
  });

  test("tell two who ask at once the same of the driver", () => {
    const driver = ({ series }: Scraped) => series.filter(({ name }) => name.startsWith(`${PREFIX}driver_`));
    expect(driver(after)).toHaveLength(3);
    for (const [one, other] of twice) expect(driver(one)).toEqual(driver(other));
  });

  test("go on where another run of the same scenario follows", async () => {
    const { result } = await runOn(bed, { operations: 5, duration: 600_000, looksOn: onlookers.all });
    const both = await scrape(server.url);
    const second = read(result.folder).operations.figures.reduce((sum, { count }) => sum + count, 0);
    const first = of(after, "operations_ended_total");
    expect(of(both, "operations_ended_total")).toBe(first + second);
    expect(of(both, "children", { state: "done" })).toBe(6);
  });
});

test("what detectors found, what was injected and crossings that went wrong are told at the end", async () => {
  // What a bridge paid twice is missing in its pool: no other run shall meet it.
  const own = await openTestBed();
  onTestFinished(() => own.close());
  const faults = { faults: [{ fault: "duplicate relay" as const, path: "fast exits" as const, most: 1 }] };
  const control = new Stop();
  const look = endAtSecondArrival(control);
  const shares = { 1: {}, 2: { FX: 100 } };
  const plan = { startChain: 2 as const, duration: 600_000, shares, faults, control, follow: [look] };
  const run = await runOn(own, { ...plan, scenario: "doubled", looksOn: onlookers.all });
  const { findings, injected } = read(run.result.folder);
  const scraped = await scrape(server.url);
  const scenario = "doubled";
  expect(of(scraped, "crossings", { scenario, class: "doubled" })).toBe(1);
  expect(findings.length).toBeGreaterThan(0);
  for (const { detector, count } of findings)
    expect(of(scraped, "findings_total", { scenario, detector })).toBe(count);
  expect(injected.map(({ fault }) => fault)).toEqual(["duplicate relay"]);
  expect(of(scraped, "injected_faults_total", { scenario, fault: "duplicate relay" })).toBe(1);
});
