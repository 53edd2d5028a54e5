import { monitorEventLoopDelay, performance } from "node:perf_hooks";
import type { GeneratorFigures, GeneratorMeter, GeneratorSpan } from "../engine/base/index.ts";

/** How often the event loop is looked at. Milliseconds; Node counts them into each delay that it tells. */
const LOOK_EVERY_MS = 10;

const NS_PER_MS = 1e6;

/** Measures this process. */
export const generatorMeter: GeneratorMeter = { open: () => new Span() };

class Span implements GeneratorSpan {
  readonly #delays = monitorEventLoopDelay({ resolution: LOOK_EVERY_MS });
  readonly #began = performance.now();
  readonly #cpu = process.cpuUsage();
  readonly #loop = performance.eventLoopUtilization();
  #closed: GeneratorFigures | undefined;

  constructor() {
    this.#delays.enable();
  }

  figures(): GeneratorFigures {
    return this.#closed ?? this.#read();
  }

  close(): void {
    this.#closed ??= this.#read();
    this.#delays.disable();
  }

  #read(): GeneratorFigures {
    const { user, system } = process.cpuUsage(this.#cpu);
    const elapsed = performance.now() - this.#began;
    // Without a delay yet a percentile of Node's is no time at all.
    const p99 = this.#delays.count === 0 ? 0 : this.#delays.percentile(99) / NS_PER_MS - LOOK_EVERY_MS;
    return {
      delayP99: Math.max(0, p99),
      busy: performance.eventLoopUtilization(this.#loop).utilization,
      cpu: elapsed === 0 ? 0 : (user + system) / 1000 / elapsed,
    };
  }
}
