import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { describeEnd, type EndReason, Stop, type StopLevel } from "../../../stress/engine/base/index.ts";
import { runs } from "../../fakes/property.ts";

const reason = (message: string): EndReason => ({ kind: "error", message });

describe("a stop", () => {
  test("is at level 0 at first, without a reason", () => {
    const stop = new Stop();
    expect([stop.level, stop.reason, stop.soft.aborted, stop.hard.aborted]).toEqual([
      0,
      undefined,
      false,
      false,
    ]);
  });

  test("ends new work at level 1 and waits on", () => {
    const stop = new Stop();
    stop.raise(1, reason("a"));
    expect([stop.soft.aborted, stop.hard.aborted]).toEqual([true, false]);
  });

  test.each<StopLevel>([2, 3])("ends waiting at level %i, also without level 1 before it", (level) => {
    const stop = new Stop();
    stop.raise(level, reason("a"));
    expect([stop.soft.aborted, stop.hard.aborted]).toEqual([true, true]);
  });

  test("never goes back, and keeps its first reason", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom<StopLevel>(0, 1, 2, 3)), (levels) => {
        const stop = new Stop();
        let highest = 0;
        for (const [at, level] of levels.entries()) {
          stop.raise(level, reason(String(at)));
          highest = Math.max(highest, level);
          expect(stop.level).toBe(highest);
        }
        const first = levels.findIndex((level) => level > 0);
        expect(stop.reason).toEqual(first < 0 ? undefined : reason(String(first)));
      }),
      runs(),
    );
  });

  test("gives what goes wrong while a run ends as its reason, and the first such thing", () => {
    const stop = new Stop();
    stop.raise(1, { kind: "duration" });
    stop.raise(1, { kind: "failures", count: 1, tolerated: 0 });
    stop.raise(2, { kind: "stuck", child: 1, code: "SX", seconds: 9 });
    stop.raise(2, { kind: "duration" });
    expect(stop.reason).toEqual({ kind: "failures", count: 1, tolerated: 0 });
  });
});

describe("a stop that follows another", () => {
  test("takes over levels that come later", () => {
    const [leader, follower] = [new Stop(), new Stop()];
    follower.follow(leader, () => reason("followed"));
    leader.raise(1, reason("led"));
    expect([follower.level, follower.reason]).toEqual([1, reason("followed")]);
    leader.raise(2, reason("led"));
    expect(follower.level).toBe(2);
  });

  test("takes over the level that is there already", () => {
    const [leader, follower] = [new Stop(), new Stop()];
    leader.raise(2, reason("led"));
    follower.follow(leader, () => reason("followed"));
    expect(follower.level).toBe(2);
  });

  test("does not lead in its turn", () => {
    const [leader, follower] = [new Stop(), new Stop()];
    follower.follow(leader, () => reason("followed"));
    follower.raise(2, reason("own"));
    expect(leader.level).toBe(0);
  });
});

test.each<[EndReason, string]>([
  [{ kind: "duration" }, "its time is over"],
  [{ kind: "operations" }, "it has done its operations"],
  [{ kind: "finished" }, "the scenario is through"],
  [{ kind: "all idle" }, "every child is below the minimum balance on both chains"],
  [{ kind: "signal", signal: "SIGINT" }, "stopped by SIGINT"],
  [{ kind: "failures", count: 3, tolerated: 2 }, "3 operations failed, 2 tolerated"],
  [{ kind: "error", message: "boom" }, "an error: boom"],
  [
    { kind: "endpoint", chain: 2, endpoint: "http://l2", seconds: 60 },
    "http://l2 (chain 2) has not answered for 60 s",
  ],
  [{ kind: "stuck", child: 4, code: "SX", seconds: 1800 }, "SX of child 4 is stuck for 1800 s"],
])("the end %j is told as '%s'", (end, words) => {
  expect(describeEnd(end)).toBe(words);
});
