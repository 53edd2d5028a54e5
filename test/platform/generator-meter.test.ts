import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { generatorMeter } from "../../stress/platform/generator-meter.ts";

/** A span that ends with its test. */
function opened() {
  const span = generatorMeter.open();
  onTestFinished(() => span.close());
  return span;
}

/** Keeps the event loop from turning. */
function block(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

test("what keeps the event loop from turning is delay, and time in which it was busy", async () => {
  const span = opened();
  // It is looked at from a turn of the loop on.
  await sleep(30);
  block(300);
  await sleep(30);
  const { delayP99, busy, cpu } = span.figures();
  expect(delayP99).toBeGreaterThanOrEqual(250);
  expect(busy).toBeGreaterThan(0);
  expect(cpu).toBeGreaterThan(0);
});

test("a span without a turn of the loop has no delay yet", () => {
  const { delayP99, busy } = opened().figures();
  expect(delayP99).toBe(0);
  expect(busy).toBeLessThanOrEqual(1);
});

test("a span that is closed keeps its figures, and others go on", async () => {
  const [first, second] = [opened(), opened()];
  await sleep(30);
  first.close();
  const figures = first.figures();
  block(300);
  await sleep(30);
  expect(first.figures()).toEqual(figures);
  expect(second.figures().delayP99).toBeGreaterThanOrEqual(250);
});
