import * as fc from "fast-check";
import { expect, test } from "vitest";
import { openGroup, tellEvents } from "../../stress/report/event-lines.ts";
import { newStream } from "../fakes/bridge.ts";
import { FakeClock } from "../fakes/clock.ts";

/** What is printed of a stream's events, from a minute past one o'clock on. */
function watched() {
  const stream = newStream();
  const clock = new FakeClock(Date.UTC(2026, 0, 1, 13, 1));
  const printed: string[] = [];
  const end = tellEvents({ stream, clock }, (line) => printed.push(line));
  return { stream, clock, printed, end };
}

test("reorganisations and stop levels are printed with their time, until that is ended", () => {
  const { stream, clock, printed, end } = watched();
  stream.publish({ kind: "reorganisation", chain: 1, commonBlock: 7, depth: 3 });
  clock.advance(5000);
  stream.publish({ kind: "stop", level: 1, reason: { kind: "signal", signal: "SIGINT" } });
  end();
  stream.publish({ kind: "stop", level: 2, reason: { kind: "signal", signal: "SIGINT" } });
  expect(printed).toEqual([
    "13:01:00 L1: a reorganisation of 3 blocks, from block 8 on",
    "13:01:05 stop level 1: stopped by SIGINT",
  ]);
});

test("an endpoint that answers every other question is told once a minute, each chain's by itself", () => {
  const { stream, clock, printed } = watched();
  for (let second = 0; second < 120; second++) {
    stream.publish({ kind: "outage", chain: 1 });
    if (second === 30) stream.publish({ kind: "outage", chain: 2 });
    clock.advance(1000);
  }
  expect(printed.map((line) => line.slice(0, 11))).toEqual(["13:01:00 L1", "13:01:30 L2", "13:02:00 L1"]);
});

test("whatever a run stops for is one line of 120 characters at most", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 300 }), (message) => {
      const { stream, printed } = watched();
      stream.publish({ kind: "stop", level: 1, reason: { kind: "error", message } });
      expect(printed).toHaveLength(1);
      expect(printed[0]?.length).toBeLessThanOrEqual(120);
      expect(printed[0]).not.toMatch(/[\r\n]/);
    }),
  );
});

test("what is printed while a run goes on is one group on GitHub, ended once, and none elsewhere", () => {
  const printed: string[] = [];
  const print = (line: string) => printed.push(line);
  openGroup("mixed", print, {})();
  expect(printed).toEqual([]);
  const end = openGroup("mixed\non local", print, { GITHUB_ACTIONS: "true" });
  print("13:01:00 a line");
  end();
  end();
  expect(printed).toEqual(["::group::mixed on local", "13:01:00 a line", "::endgroup::"]);
});
