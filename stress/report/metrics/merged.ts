import { AggregatorRegistry, Registry } from "prom-client";
import type { MetricsJson } from "./metric-book.ts";

/** One set of metrics of several runs': counts and times add up, and of what can go both ways the first one's value is it. */
export const mergedMetrics = (newestFirst: readonly object[]): Promise<MetricsJson> =>
  merged(newestFirst).getMetricsAsJSON();

/** The same as Prometheus reads it. */
export const metricsText = (newestFirst: readonly object[]): Promise<string> => merged(newestFirst).metrics();

/** The media type of that text. */
export const METRICS_TYPE: string = Registry.PROMETHEUS_CONTENT_TYPE;

const merged = (newestFirst: readonly object[]): Registry => AggregatorRegistry.aggregate([...newestFirst]);
