import { CHAINS, type GeneratorMeter, type GeneratorSpan } from "../../engine/base/index.ts";
import type { TrafficSnapshot } from "../../engine/rpc/index.ts";
import type { Engine, Run } from "../../engine/run/index.ts";
import type { Sample, Samples } from "./samples.ts";

/** Looks at a run now and then: what it has open, what went over the wire, and what its own process had to do since. */
export class Sampler {
  readonly #run: Pick<Run, "census">;
  readonly #engine: Pick<Engine, "clock" | "nodes">;
  readonly #meter: GeneratorMeter;
  readonly #samples: Samples;
  #span: GeneratorSpan;

  constructor(
    run: Pick<Run, "census">,
    engine: Pick<Engine, "clock" | "nodes">,
    meter: GeneratorMeter,
    samples: Samples,
  ) {
    this.#run = run;
    this.#engine = engine;
    this.#meter = meter;
    this.#samples = samples;
    this.#span = meter.open();
  }

  /** @param levels wei, of what the bridge keeps, by name */
  take(levels: Sample["levels"]): void {
    const { clock, nodes } = this.#engine;
    const generator = this.#span.figures();
    this.#span.close();
    this.#span = this.#meter.open();
    const [l1, l2] = CHAINS.map((chain) => nodes[chain].traffic.snapshot());
    const both = (count: (of: TrafficSnapshot) => number): readonly [number, number] => [
      l1 === undefined ? 0 : count(l1),
      l2 === undefined ? 0 : count(l2),
    ];
    this.#samples.add({
      at: clock.now(),
      open: this.#run.census.count("busy"),
      calls: both(({ requests }) => requests),
      repeated: both(({ repeated }) => repeated),
      errors: both(({ errors }) => Object.values(errors).reduce((sum, count) => sum + count, 0)),
      levels,
      generator,
    });
  }

  /** Measures no more. */
  close(): void {
    this.#span.close();
  }
}
