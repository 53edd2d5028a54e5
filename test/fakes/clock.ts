import type { Clock } from "../../stress/engine/base/clock.ts";

/** A clock that stands still until it is moved. */
export class FakeClock implements Clock {
  ms: number;

  constructor(ms = 1_000_000) {
    this.ms = ms;
  }

  now(): number {
    return this.ms;
  }

  advance(ms: number): void {
    this.ms += ms;
  }
}
