import { expect, test } from "vitest";
import { Bursts } from "../../../stress/engine/transactions/bursts.ts";
import { settled } from "../../fakes/timers.ts";

/** A clock that stands still until a test moves it, and whose sleeps end when a test says so. */
function standing() {
  let now = 0;
  const sleeping: (() => void)[] = [];
  const sleep = (): Promise<void> => new Promise((resolve) => sleeping.push(resolve));
  const bursts = new Bursts({ now: () => now, sleep });
  const done: number[] = [];
  const begin = (count: number): void => {
    for (let at = 0; at < count; at++) void bursts.turn().then(() => done.push(at));
  };
  const wake = async (): Promise<void> => {
    for (const one of sleeping.splice(0)) one();
    await settled();
  };
  return { begin, wake, done, pass: (ms: number) => void (now += ms) };
}

test("a burst is broken up, in its order", async () => {
  const { begin, wake, done } = standing();
  begin(70);
  await settled();
  expect(done).toHaveLength(32);
  await wake();
  expect(done).toHaveLength(64);
  await wake();
  expect(done).toEqual(Array.from({ length: 70 }, (_, at) => at));
});

test("what comes now and then never waits", async () => {
  const { begin, done, pass } = standing();
  for (let at = 0; at < 100; at++) {
    begin(1);
    pass(3);
    await settled();
  }
  expect(done).toHaveLength(100);
});
