import { expect, test } from "vitest";
import { Stop } from "../../../stress/engine/base/index.ts";
import { Census } from "../../../stress/engine/run/census.ts";
import type { Run } from "../../../stress/engine/run/index.ts";
import { minuteLines } from "../../../stress/report/live/minute-line.ts";
import type { Observed } from "../../../stress/report/onlooker.ts";
import { performing } from "../../fakes/performing.ts";
import { wakeAll } from "../../fakes/timers.ts";

test("without a terminal a run prints a line with the time each minute, until it is over", async () => {
  const { engine, child } = await performing();
  const census = new Census();
  census.add(child);
  const plan = {
    scenario: "mixed",
    children: 1,
    inFlight: 1,
    duration: 1e9,
    operations: Number.POSITIVE_INFINITY,
  };
  const run = { census, plan, stop: new Stop(), performed: 3, failed: [], dispatched: 3 } as unknown as Run;
  const printed: string[] = [];
  const lookOn = minuteLines((line) => printed.push(line));
  const onlooker = lookOn({ engine, run, target: "local", protocol: "ovm2" } as unknown as Observed);
  onlooker.phase?.("drain");
  await wakeAll();
  expect(printed).toEqual([
    expect.stringMatching(/^\d\d:\d\d:\d\d drain: 3 operations, 0\.0\/s, 0 failed, 0 open$/),
  ]);
  await wakeAll();
  expect(printed).toHaveLength(2);
  await onlooker.ended();
  await wakeAll();
  expect(printed).toHaveLength(2);
});
