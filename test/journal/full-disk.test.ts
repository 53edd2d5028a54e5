import { describe, expect, test } from "vitest";
import { verdictOf } from "../../fixtures/recovery/verdict.ts";
import { StressError } from "../../stress/engine/base/index.ts";
import { FULL, SmallDisk } from "../fakes/disk.ts";
import { mistakes } from "../simulation/oracle.ts";
import { simulate } from "../simulation/simulate.ts";
import type { Simulated } from "../simulation/simulated.ts";
import { FAIR } from "../simulation/world/weather.ts";

const SEED = 1;

/** What the chains know of a run, and the recovery after it; its books lack what there was no room for. */
const mistakesOfMoney = ({ recovery, ...simulated }: Simulated): string[] =>
  mistakes({ ...simulated, thrown: undefined, recovery: recovery && { ...recovery, books: undefined } });

describe("a disk that is full while a run goes on", () => {
  test.each([
    ["before the children have their money", 2600, [0, 0]],
    ["while they are driven", 15_000, [5, 40]],
  ] as const)("%s: everything goes back, and the run fails as incomplete", async (_, room, [least, most]) => {
    const disk = new SmallDisk(room);
    const simulated = await simulate(SEED, { weather: FAIR, write: disk.write });
    const { thrown, printed, recovery, world } = simulated;
    const done = simulated.opLog.match(/^OP_DONE_/gm)?.length ?? 0;
    expect([done >= least, done <= most, disk.refused > 0]).toEqual([true, true, true]);
    expect(thrown).toBeInstanceOf(StressError);
    expect(thrown).toMatchObject({ code: "JOURNAL_INCOMPLETE" });
    const told = printed.join("\n");
    expect(told).toMatch(/WARNING .*op\.log could not be written.*npm run recover -- --target simulated/);
    expect(told).toMatch(/DIRTY SHUTDOWN/);
    expect(told).toMatch(/WARNING .*watcher-L1\.log lacks lines from here on/);
    // The run gave it back itself: what comes behind it finds nothing, on a disk that is full as well.
    expect(recovery?.accounts.map(({ returned }) => returned)).toEqual(
      recovery?.accounts.map(() => ({ 1: 0n, 2: 0n })),
    );
    expect(mistakesOfMoney(simulated)).toEqual([]);
    expect(recovery && verdictOf({ ...recovery, dust: 0n })).toMatchObject({ isAllBack: true, exitCode: 0 });
    expect(world.time.now).toBeLessThan(Date.UTC(2026, 0, 1, 0, 10));
  });

  test("where its result is to be: nothing is sent", async () => {
    const runFolder = (): never => {
      throw FULL;
    };
    const { thrown, world } = await simulate(SEED, { weather: FAIR, runFolder });
    expect(thrown).toMatchObject({
      code: "LOGS_UNUSABLE",
      message: `the result of simulated cannot be used: ${FULL.message}`,
    });
    expect([world.chains[1].everMined.size, world.chains[2].everMined.size]).toEqual([0, 0]);
  });

  test("before money moves: nothing is sent", async () => {
    const disk = new SmallDisk(900);
    const { thrown, world } = await simulate(SEED, { weather: FAIR, write: disk.write });
    expect(thrown).toBeInstanceOf(StressError);
    expect([world.chains[1].everMined.size, world.chains[2].everMined.size]).toEqual([0, 0]);
  });
});
