import { expect, test } from "vitest";
import { EndpointHealth } from "../../../stress/engine/chain/endpoint-health.ts";
import { FakeClock } from "../../fakes/clock.ts";

const DEAD_AFTER_MS = 60_000;

test("an endpoint is dead that was silent for long enough, and not one of whose answers some are late", () => {
  const clock = new FakeClock();
  const health = new EndpointHealth(clock, DEAD_AFTER_MS);
  expect(health.failed(clock.now())).toBe(true);
  clock.advance(40_000);
  health.heard();
  expect(health.failed(clock.now())).toBe(false);
  clock.advance(DEAD_AFTER_MS - 1);
  expect([health.deadFor, health.failingSince]).toEqual([undefined, 1_000_000]);
  clock.advance(1);
  expect(health.deadFor).toBe(DEAD_AFTER_MS);
  health.answered();
  expect([health.deadFor, health.failingSince]).toEqual([undefined, undefined]);
});
