import { parseEther } from "ethers";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Injected } from "../../../../fixtures/local-stack/faults/injected.ts";
import { openTestBed, type TestBed } from "../../../run/running.ts";
import { account, Bridge, RECEIVING, type Way } from "../bridge.ts";
import { underFaults } from "../../faults/under-faults.ts";
import { until } from "../../faults/until.ts";

let bed: TestBed;
let bridge: Bridge;

beforeAll(async () => {
  bed = await openTestBed();
  bridge = await Bridge.open(bed);
});

afterAll(() => bed.close());

const AMOUNT = parseEther("1");

interface Path {
  readonly path: string;
  readonly way: Way;
  /** Test account that crosses. */
  readonly from: number;
}

const PATHS: readonly Path[] = [
  { path: "deposits", way: "FO", from: 1 },
  { path: "fast exits", way: "FX", from: 2 },
  { path: "slow exits", way: "SX", from: 3 },
];

/** Ids of the messages that a fault hit on the chain where a path's messages arrive, in that order. */
const idsOn = (records: readonly Injected[], path: string): (string | undefined)[] =>
  records.filter(({ what }) => what.includes(path)).map(({ message }) => message);

/** Does the same on all paths at once, under the same fault of each. */
function onAllPaths(
  fault: object,
  work: (path: Path, soFar: () => Promise<Injected[]>) => Promise<void>,
): Promise<Injected[]> {
  const faults = PATHS.map(({ path }) => ({ ...fault, path }));
  return underFaults(bed, faults, async (soFar) => {
    await Promise.all(PATHS.map((path) => work(path, soFar)));
  });
}

test("messages that are dropped never arrive, and the plan's `most` limits them", async () => {
  const dropped: Record<string, string> = {};
  const records = await onAllPaths({ fault: "drop relay", most: 1 }, async ({ path, way, from }) => {
    dropped[path] = await bridge.message(way, from, AMOUNT);
    await bridge.relayed(way, await bridge.message(way, from, AMOUNT));
  });
  expect(records).toHaveLength(PATHS.length);
  // The plan's end brings nothing back.
  for (const { path, way, from } of PATHS) {
    expect(idsOn(records, path)).toEqual([dropped[path]]);
    if (way !== "SX") await bridge.relayed(way, await bridge.message(way, from, AMOUNT));
    expect(await bridge.relaysOf(way, dropped[path] ?? "")).toEqual([]);
  }
});

test("messages that are delayed wait until the plan ends, and arrive then", async () => {
  const ids: Record<string, string> = {};
  const records = await onAllPaths({ fault: "delay relay", by: "1h" }, async ({ path, way, from }, soFar) => {
    const id = await bridge.message(way, from, AMOUNT);
    ids[path] = id;
    await until(`record of ${path}`, async () =>
      idsOn(await soFar(), path).includes(id) ? true : undefined,
    );
    expect(await bridge.relaysOf(way, id)).toEqual([]);
  });
  for (const { path, way } of PATHS) {
    expect(idsOn(records, path)).toEqual([ids[path]]);
    expect(await bridge.relayed(way, ids[path] ?? "")).toHaveLength(1);
  }
});

test("messages that are duplicated pay twice", async () => {
  const ids: Record<string, string> = {};
  const records = await onAllPaths({ fault: "duplicate relay", most: 1 }, async ({ path, way, from }) => {
    const id = await bridge.message(way, from, AMOUNT);
    ids[path] = id;
    const [first, second] = await bridge.payments(way, id, 2);
    const block = first?.block ?? 0;
    expect(second?.block).toBe(block + 1);
    const balance = (at: number) => bed.providers[RECEIVING[way]].getBalance(account(from).address, at);
    expect((await balance(block + 1)) - (await balance(block - 1))).toBe(
      (first?.amount ?? 0n) + (second?.amount ?? 0n),
    );
  });
  for (const { path } of PATHS) expect(idsOn(records, path)).toEqual([ids[path]]);
});

test("messages that are reordered arrive in reversed order", async () => {
  const ids: Record<string, string[]> = {};
  const records = await onAllPaths({ fault: "reorder relays", window: 3 }, async ({ path, way, from }) => {
    const raws: string[] = [];
    for (let sent = 0; sent < 3; sent++) raws.push(await bridge.cross(way, from, AMOUNT));
    const messages: string[] = [];
    for (const raw of raws) messages.push(await bridge.messageOf(way, raw));
    ids[path] = messages;
    for (const id of messages) await bridge.relayed(way, id);
  });
  for (const { path, way } of PATHS) {
    expect(idsOn(records, path)).toEqual(ids[path]?.toReversed());
    const places: number[] = [];
    for (const id of idsOn(records, path)) {
      const [payment] = await bridge.payments(way, id ?? "");
      places.push((payment?.block ?? 0) * 1000 + (payment?.index ?? 0));
    }
    expect(places).toEqual(places.toSorted((one, other) => one - other));
  }
});

test("one message alone is not held for a second one for ever", async () => {
  const records = await underFaults(bed, [{ fault: "reorder relays", path: "deposits" }], async () => {
    await bridge.relayed("SO", await bridge.message("SO", 4, AMOUNT));
  });
  expect(records).toEqual([]);
});

test("a message is delayed by as long as the plan says", async () => {
  const records = await underFaults(bed, [{ fault: "delay relay", path: "deposits", by: "1s" }], async () => {
    const id = await bridge.message("SO", 4, AMOUNT);
    await bridge.relayed("SO", id);
  });
  expect(Date.now() - (records[0]?.at ?? 0)).toBeGreaterThanOrEqual(1000);
});

test("a share of 0 hits nothing, a share of 50 some", async () => {
  const none = await underFaults(bed, [{ fault: "drop relay", path: "deposits", share: 0 }], async () => {
    await bridge.relayed("SO", await bridge.message("SO", 4, AMOUNT));
  });
  expect(none).toEqual([]);
  const raws: string[] = [];
  const some = await underFaults(bed, [{ fault: "drop relay", path: "deposits", share: 50 }], async () => {
    for (let sent = 0; sent < 24; sent++) raws.push(await bridge.cross("SO", 5, 1n));
    for (const raw of raws) await bridge.messageOf("SO", raw);
  });
  for (const raw of raws) {
    const id = await bridge.messageOf("SO", raw);
    if (!some.map(({ message }) => message).includes(id)) await bridge.relayed("SO", id);
  }
  expect(some.length).toBeGreaterThan(3);
  expect(some.length).toBeLessThan(21);
});
