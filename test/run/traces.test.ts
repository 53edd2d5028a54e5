import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { openTraces } from "../../fixtures/onlookers/traces.ts";
import type { BlockRead } from "../../stress/engine/chain/index.ts";
import type { OperationDone, Performed } from "../../stress/engine/events.ts";
import { type CollectedSpan, openCollector, tracesOf } from "../fakes/collector.ts";
import { page } from "../docs/pages.ts";
import type { Followers } from "./follow-events.ts";
import { openTestBed, runOn, type TestBed, testTarget } from "./running.ts";
import { unpaidExit } from "./unpaid-exit.ts";

let bed: TestBed;

beforeAll(async () => {
  bed = await openTestBed();
});

afterAll(() => bed.close());

/** Crossings there and back, a payment, and one that could not be paid. */
const DRIVEN = { children: 2, startChain: 2, duration: Number.POSITIVE_INFINITY } as const;

const CROSSINGS = ["FX", "SO", "SX", "FO"];

/** What became of each crossing of a run, and the messages that arrived in it. */
function following() {
  const crossings: Performed[] = [];
  const messages = new Set<string>();
  const follow: Followers = [
    {
      "operation done": ({ performed }: OperationDone) => {
        if (CROSSINGS.includes(performed.code)) crossings.push(performed);
      },
      block: ({ arrivals }: BlockRead) => {
        for (const { id } of arrivals) messages.add(id);
      },
    },
  ];
  return { crossings, messages, follow };
}

const of = ({ attributes }: CollectedSpan, name: string) => attributes[`rollup_stress.${name}`];

/** Its phases in their order, each with the milliseconds since its start. */
function reachedBy({
  phases,
  ownPhases = [],
}: Performed): readonly (readonly [phase: string, since: number])[] {
  const [submitted = 0, receipt = 0, finished = 0] = phases;
  // What a chain tells by its blocks' times may be before what the driver saw: no phase ends before the one that it follows.
  let latest = 0;
  return (
    [["submitted", submitted], ["receipt", receipt], ...ownPhases, ["finished", finished]] as const
  ).map(([phase, since]) => [phase, (latest = Math.max(latest, since))] as const);
}

test("each crossing is a trace with a span for each phase, in its own times, with its hashes and message", async () => {
  const collector = await openCollector();
  const { lookOn, close } = await openTraces(`${collector.url}/v1/traces`);
  onTestFinished(close);
  const { crossings, messages, follow } = following();
  const began = Date.now();
  await runOn(bed, {
    ...DRIVEN,
    limits: { ...testTarget().limits, toleratedFailures: 1 },
    follow,
    looksOn: [lookOn],
    drive: async ([child, other]) => {
      for (const code of CROSSINGS) await child?.perform(code);
      await other?.perform("PY");
      await unpaidExit(bed, other);
    },
  });
  const traces = tracesOf(collector.spans);
  expect(collector.services).toEqual(new Set(["rollup-stress"]));
  expect(crossings.map(({ code }) => code)).toEqual([...CROSSINGS, "FX"]);
  expect(traces.map(([root]) => root?.name)).toEqual(crossings.map(({ code }) => code));
  for (const [at, [root, ...phases]] of traces.entries()) {
    const performed = crossings[at];
    if (root === undefined || performed === undefined) throw new Error("a trace has a root");
    const reached = reachedBy(performed);
    const since = (ms: number): number => ms - root.startTimeUnixNano;
    expect(root.parentSpanId).toBeUndefined();
    expect(root.startTimeUnixNano).toBeGreaterThanOrEqual(began);
    expect(phases.map((one) => of(one, "phase"))).toEqual(reached.map(([phase]) => phase));
    for (const [place, phase] of phases.entries()) {
      expect(phase.parentSpanId).toBe(root.spanId);
      expect(since(phase.startTimeUnixNano)).toBeCloseTo(reached[place - 1]?.[1] ?? 0, 1);
      expect(since(phase.endTimeUnixNano)).toBeCloseTo(reached[place]?.[1] ?? Number.NaN, 1);
    }
    expect(since(root.endTimeUnixNano)).toBeGreaterThanOrEqual((performed.phases.at(-1) ?? 0) - 0.01);
    expect(of(root, "child")).toBe(performed.child);
    expect([of(root, "code"), of(root, "chain"), of(root, "hash")]).toEqual([
      performed.code,
      performed.chain,
      performed.hash,
    ]);
    expect(of(root, "block")).toBe(performed.receipt?.blockNumber);
    expect(messages).toContain(of(root, "message"));
    const [end] = performed.steps.flatMap((step) => step.end ?? []);
    if (end === undefined || end.kind === "lost") throw new Error("all of them ended");
    expect([of(root, "payout.hash"), of(root, "payout.chain"), of(root, "payout.block")]).toEqual([
      end.hash,
      end.chain,
      end.payout.block,
    ]);
    const told = root.events.map(({ name }) => name);
    expect([told[0], told.at(-1)]).toEqual(["own", end.kind === "paid" ? "payout" : end.kind]);
  }
  const statuses = traces.map(([root, ...phases]) => [root?.status, phases.at(-1)?.status.code]);
  expect(statuses.slice(0, -1)).toEqual(CROSSINGS.map(() => [{ code: 0 }, 0]));
  expect(statuses.at(-1)).toEqual([{ code: 2, message: "settled back" }, 2]);
  expect(traces.map(([root]) => root && of(root, "outcome"))).toEqual([
    ...CROSSINGS.map(() => "succeeded"),
    "failed",
  ]);
  const named = new Set(traces.flatMap(([root]) => Object.keys(root?.attributes ?? {})));
  expect([...named].map((name) => name.replace(/^rollup_stress\./, "")).sort()).toEqual(documented().sort());
});

/** The attributes that the page on traces tells of. */
function documented(): string[] {
  const [, section = ""] = page("docs/metrics.md").text.split("\n## Traces\n");
  const cells = [...section.matchAll(/^\| (`.+?`) \|/gm)].map(([, cell = ""]) => cell);
  return cells.flatMap((cell) => cell.split(" ").map((name) => name.replaceAll("`", "")));
}

/** A port that nobody listens at. */
async function nobody(): Promise<string> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return `http://127.0.0.1:${port}`;
}

test.each([
  ["is not there", nobody],
  ["never answers", async () => (await openCollector(() => undefined)).url],
  ["refuses", async () => (await openCollector((response) => void response.writeHead(400).end())).url],
])("a collector that %s costs a warning, and not the run", async (_, open) => {
  const url = await open();
  const { lookOn, close } = await openTraces(`${url}/v1/traces`, 700);
  onTestFinished(close);
  const { result, printed } = await runOn(bed, {
    ...DRIVEN,
    looksOn: [lookOn],
    drive: async ([child]) => void (await child?.perform("FX")),
  });
  expect(result).toPayExactlyOnce();
  expect(result.clean).toBe(true);
  expect(printed.filter((line) => line.includes("spans"))).toEqual([
    expect.stringContaining(
      `WARNING of what is reported elsewhere something is missing: 5 of 5 spans did not reach the collector ${url}: `,
    ),
  ]);
  expect(printed.join("\n")).not.toContain("too many");
});
