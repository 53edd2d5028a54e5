import { parseEther } from "ethers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ServiceName } from "../../../../fixtures/local-stack/ovm2/faults/plan.ts";
import { openTestBed, type TestBed } from "../../../run/running.ts";
import { blocks } from "../../faults/blocks.ts";
import { underFaults } from "../../faults/under-faults.ts";
import { Bridge, type Way } from "../bridge.ts";

let bed: TestBed;
let bridge: Bridge;

beforeAll(async () => {
  bed = await openTestBed();
  bridge = await Bridge.open(bed);
});

afterAll(() => bed.close());

const AMOUNT = parseEther("1");

describe("a stopped", () => {
  const RELAYING: readonly { service: ServiceName; way: Way; other: Way }[] = [
    { service: "sequencer", way: "FO", other: "FX" },
    { service: "batch submitter", way: "FX", other: "FO" },
    { service: "fast relayer", way: "FX", other: "FO" },
    { service: "message relayer", way: "SX", other: "FX" },
  ];

  test.for(RELAYING)(
    "$service relays nothing, and catches up afterwards",
    async ({ service, way, other }) => {
      let id = "";
      const records = await underFaults(bed, [{ fault: "stop service", service }], async () => {
        id = await bridge.message(way, 1, AMOUNT);
        await bridge.relayed(other, await bridge.message(other, 2, AMOUNT));
        // The window of slow exits is 1 s.
        await blocks(bed, 1, way === "SX" ? 6 : 3);
        expect(await bridge.relaysOf(way, id)).toEqual([]);
      });
      expect(records).toMatchObject([{ fault: "stop service", until: expect.any(Number) }]);
      expect(records[0]?.what).toContain(service);
      expect(await bridge.relayed(way, id)).toHaveLength(1);
    },
  );
});
