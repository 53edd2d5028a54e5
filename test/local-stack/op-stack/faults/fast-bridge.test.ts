import { describe, expect, test } from "vitest";
import { depositOfMessage } from "../../../../stress/protocols/op-stack/fast/deposit-id.ts";
import type { MessageId } from "../../../../stress/engine/chain/index.ts";
import { allIsWell, type OpFaultCase, sameMessages, show } from "./show.ts";

const FAST = { 1: { FO: 95 }, 2: { FX: 95 } };
const PATHS = ["fast onramps", "fast exits"] as const;

const numberOf = (message: string | undefined): bigint =>
  depositOfMessage((message ?? "0x") as MessageId)?.depositId ?? -1n;

const skipped: OpFaultCase[] = PATHS.map((path) => ({
  name: `${path} of which one is skipped are all lost from there on`,
  faults: [{ fault: "drop relay", path, most: 1, after: "2s" }],
  shares: FAST,
  duration: 4000,
  detectors: ["lost"],
  check: ({ result }) => {
    const lost = result.audit.exceptions.filter((one) => one.class === "lost");
    const [hit] = result.injected.map(({ message }) => message);
    const paidOn = path === "fast onramps" ? 2 : 1;
    expect(lost.map(({ message }) => message)).toContain(hit);
    expect(lost.every(({ message, paidOn: on }) => on === paidOn && numberOf(message) >= numberOf(hit))).toBe(
      true,
    );
  },
}));

const doubled: OpFaultCase[] = PATHS.map((path) => ({
  name: `${path} that are disbursed twice are doubled`,
  faults: [{ fault: "duplicate relay", path, for: "3s" }],
  shares: FAST,
  detectors: ["doubled"],
  check: (run) => sameMessages(run, "doubled"),
}));

const diverted: OpFaultCase[] = PATHS.flatMap((path): OpFaultCase[] => [
  {
    name: `${path} that are disbursed to somebody else have a wrong recipient`,
    faults: [{ fault: "wrong recipient", path, most: 1 }],
    shares: FAST,
    detectors: ["wrong recipient"],
    check: (run) => sameMessages(run, "wrong recipient"),
  },
  {
    name: `${path} of which less is disbursed have a wrong amount`,
    faults: [{ fault: "wrong amount", path, less: "1000", most: 2 }],
    shares: FAST,
    detectors: ["wrong amount"],
    check: (run) => {
      sameMessages(run, "wrong amount");
      expect(run.result.audit.exceptions.every(({ difference }) => difference === -1000n)).toBe(true);
    },
  },
]);

const stopped: OpFaultCase[] = ([1, 2] as const).map((chain) => ({
  name: `the disburser of L${chain} that stops for a while makes crossings late`,
  faults: [{ fault: "stop service", service: `L${chain} disburser`, after: "1s", for: "12s" }],
  limits: { slowAfter: 10_000, stuckAfter: 60_000, giveUpAfter: 61_000 },
  shares: FAST,
  duration: 14_000,
  detectors: ["late"],
  check: allIsWell,
}));

describe("the fast bridge", () => {
  test.each([...skipped, ...doubled, ...diverted, ...stopped])("$name", show);
});
