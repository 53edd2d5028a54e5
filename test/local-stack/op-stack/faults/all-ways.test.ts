import { expect, onTestFinished, test } from "vitest";
import { checkJournal } from "../../../../stress/journal/check-journal.ts";
import { openOpStack, opStackTarget, runOn } from "../../../run/running.ts";

const SHARES = { 1: { FO: 25, SO: 25, TO: 15 }, 2: { FX: 25, SX: 25, TX: 15 } };

test("by whatever way money goes across, reorganisations of both chains and a disburser that stands still cost nothing", async () => {
  const bed = await openOpStack({ l1BlockTime: 1000, l2BlockTime: 250 });
  onTestFinished(() => bed.close());
  const { result, records } = await runOn(bed, {
    target: opStackTarget(),
    children: 12,
    shares: SHARES,
    duration: 30_000,
    faults: {
      faults: [
        { fault: "reorganisation", chain: 1, depth: 3, after: "6s" },
        { fault: "reorganisation", chain: 2, depth: 5, after: "12s" },
        { fault: "reorganisation", chain: 1, depth: 2, after: "18s" },
        { fault: "stop service", service: "L2 disburser", after: "20s", for: "3s" },
      ],
    },
  });
  checkJournal(records);
  expect(result.injected.map(({ fault }) => fault)).toEqual(
    expect.arrayContaining(["reorganisation", "stop service"]),
  );
  expect(result).toConserveFunds();
  expect(result).toPayExactlyOnce({ inFlight: 0 });
  expect([result.failed, result.abandoned, result.clean]).toEqual([[], [], true]);
  const ways = new Set(result.figures.map(({ code }) => code));
  expect([...ways]).toEqual(expect.arrayContaining(["FO", "FX", "SO", "SX", "TO", "TX"]));
}, 300_000);
