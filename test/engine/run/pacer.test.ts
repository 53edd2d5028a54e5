import { afterEach, expect, test } from "vitest";
import { Pacer } from "../../../stress/engine/run/pacer.ts";
import { FakeClock } from "../../fakes/clock.ts";
import { resetTimers, sleepNever, slept } from "../../fakes/timers.ts";

afterEach(resetTimers);

const never = new AbortController().signal;

/** A pacer whose sleeps move its clock, and the times at which slots were given. */
function paced(interval: number) {
  const clock = new FakeClock(0);
  sleepNever((ms) => clock.advance(ms));
  const pacer = new Pacer(clock, interval);
  const times: number[] = [];
  const slot = async (signal = never): Promise<void> => {
    await pacer.slot(signal);
    times.push(clock.now());
  };
  return { clock, slot, times };
}

test("the first slot is free at once", async () => {
  const { slot, times } = paced(500);
  await slot();
  expect(times).toEqual([0]);
});

test("between two slots passes the interval", async () => {
  const { slot, times } = paced(500);
  for (let at = 0; at < 4; at++) await slot();
  expect(times).toEqual([0, 500, 1000, 1500]);
});

test("slots asked for at once are given one after the other", async () => {
  const { slot } = paced(500);
  // From here on the clock stands still: all three come at the same time.
  sleepNever();
  await Promise.all([slot(), slot(), slot()]);
  expect(slept).toEqual([500, 1000]);
});

test("time that passed anyway is not waited for again, and is not caught up with either", async () => {
  const { clock, slot, times } = paced(500);
  await slot();
  clock.advance(5200);
  await slot();
  await slot();
  expect(times).toEqual([0, 5200, 5700]);
});

test("an interval of 0 never waits", async () => {
  const { slot } = paced(0);
  await Promise.all([slot(), slot(), slot()]);
  expect(slept).toEqual([]);
});

test("a stop ends the wait without an error", async () => {
  const { slot, times } = paced(500);
  resetTimers();
  await slot();
  const controller = new AbortController();
  const waiting = slot(controller.signal);
  controller.abort();
  await waiting;
  expect(times).toEqual([0, 0]);
});
