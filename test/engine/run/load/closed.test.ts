import { expect, test } from "vitest";
import type { Child } from "../../../../stress/engine/run/child.ts";
import { ClosedLoad } from "../../../../stress/engine/run/load/closed.ts";
import type { Reins } from "../../../../stress/engine/run/load/load-model.ts";
import { VirtualTime } from "../../../simulation/world/clock.ts";

/** A closed load of operations that take 100 ms each. */
function closed() {
  const time = new VirtualTime(0);
  const stop = new AbortController();
  const sleep = (ms: number): Promise<void> => new Promise((resolve) => void time.at(time.now + ms, resolve));
  const begun: { readonly child: number; readonly at: number }[] = [];
  const lives: Promise<void>[] = [];
  const reins = {
    clock: { now: () => time.now, sleep },
    soft: stop.signal,
    choose: () => ({ kind: "operation" }),
    perform: async ({ number }: Child) => {
      begun.push({ child: number, at: time.now });
      await sleep(100);
    },
    keep: (life: Promise<void>) => void lives.push(life),
  } as unknown as Reins;
  const load = new ClosedLoad(reins, 0);
  return { load, time, stop, begun, lives };
}

const child = (number: number): Child => ({ number }) as unknown as Child;

test("no child begins before all have their money, and then each goes on as soon as it is free", async () => {
  const { load, time, stop, begun } = closed();
  load.begin(child(0));
  await time.pass(1000);
  load.begin(child(1));
  await time.pass(1000);
  expect(begun).toEqual([]);
  load.loaded();
  await time.pass(150);
  stop.abort();
  await time.pass(1000);
  expect(begun).toEqual([
    { child: 0, at: 2000 },
    { child: 1, at: 2000 },
    { child: 0, at: 2100 },
    { child: 1, at: 2100 },
  ]);
});

test("a run that stops while children are funded has none begin", async () => {
  const { load, time, stop, begun, lives } = closed();
  load.begin(child(0));
  stop.abort();
  load.loaded();
  await time.pass(1000);
  await Promise.all(lives);
  expect(begun).toEqual([]);
});
