import type { Counter, Gauge, Histogram, Registry } from "prom-client";
import { CATALOGUE, type LabelsOf, type Metric, type NamesOf, PHASE_BUCKETS, PREFIX } from "./catalogue.ts";

/** The library, which is loaded only where metrics are asked for. */
export type PromClient = typeof import("prom-client");

/** All metrics of one registry as programs have them. */
export type MetricsJson = Awaited<ReturnType<Registry["getMetricsAsJSON"]>>;

/** The metrics of the catalogue in a registry of their own, by the names they have there. */
export class MetricBook {
  readonly #registry: Registry;
  readonly #counters = new Map<string, Counter>();
  readonly #gauges = new Map<string, Gauge>();
  readonly #histograms = new Map<string, Histogram>();

  /** @param labels what every series has */
  constructor(prom: PromClient, labels: Readonly<Record<string, string>>) {
    this.#registry = new prom.Registry();
    this.#registry.setDefaultLabels(labels);
    for (const [name, metric] of CATALOGUE) this.#register(prom, name, metric);
  }

  #register(prom: PromClient, own: string, { type, help, labels }: Metric): void {
    const of = { name: `${PREFIX}${own}`, help, labelNames: [...labels], registers: [this.#registry] };
    if (type === "counter") this.#counters.set(own, new prom.Counter(of));
    // What the newest run says is so.
    else if (type === "gauge") this.#gauges.set(own, new prom.Gauge({ ...of, aggregator: "first" }));
    else this.#histograms.set(own, new prom.Histogram({ ...of, buckets: PHASE_BUCKETS }));
  }

  add<N extends NamesOf<"counter">>(name: N, labels: LabelsOf<N>, count = 1): void {
    this.#counters.get(name)?.inc(labels, count);
  }

  /** Forgets what was added: of what is counted elsewhere, and told anew as a whole. */
  restart(name: NamesOf<"counter">): void {
    this.#counters.get(name)?.reset();
  }

  set<N extends NamesOf<"gauge">>(name: N, labels: LabelsOf<N>, value: number): void {
    this.#gauges.get(name)?.set(labels, value);
  }

  change<N extends NamesOf<"gauge">>(name: N, labels: LabelsOf<N>, by: number): void {
    this.#gauges.get(name)?.inc(labels, by);
  }

  observe<N extends NamesOf<"histogram">>(name: N, labels: LabelsOf<N>, value: number): void {
    this.#histograms.get(name)?.observe(labels, value);
  }

  json(): Promise<MetricsJson> {
    return this.#registry.getMetricsAsJSON();
  }
}
