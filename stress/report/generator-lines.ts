import { exactSeconds } from "../engine/base/index.ts";
import type { GeneratorReport } from "../engine/run/index.ts";

/** The generator's own limits, in lines. */
export function generatorLines({ delayP99, busy, cpu, bottlenecks }: GeneratorReport): string[] {
  const share = `${(busy * 100).toFixed(1)} %`;
  return [
    `generator: event-loop delay p99 ${exactSeconds(delayP99)}, busy ${share} of the time, ${cpu.toFixed(2)} of a core`,
    ...(bottlenecks.length === 0 ? [] : [`the generator was the bottleneck: ${bottlenecks.join("; ")}`]),
  ];
}
