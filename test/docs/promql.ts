import { CATALOGUE, type Metric, PREFIX, RUN_LABELS } from "../../stress/report/metrics/catalogue.ts";

const TOKEN = /"(?:[^"\\]|\\.)*"|\[[^\]]*\]|[A-Za-z_:][\w:]*|[\d.]+(?:e\d+)?|[!=<>~]+|\S/g;

/** What of a language's own may stand where a metric could. */
const KEYWORDS = new Set(["by", "without", "on", "ignoring", "or", "and", "unless", "bool", "offset"]);

const METRICS: ReadonlyMap<string, Metric> = new Map(
  CATALOGUE.map(([name, metric]) => [`${PREFIX}${name}`, metric]),
);

/** The metric behind the name of a series: histograms have three. */
function metricOf(series: string): Metric | undefined {
  const histogram = METRICS.get(series.replace(/_(bucket|sum|count)$/, ""));
  return histogram?.type === "histogram" ? histogram : METRICS.get(series);
}

const labelsOf = (series: string, { labels }: Metric): readonly string[] => [
  ...labels,
  ...RUN_LABELS,
  ...(series.endsWith("_bucket") ? ["le"] : []),
];

/** What an expression of PromQL asks for. */
export interface Asked {
  /** Names of series. */
  readonly series: readonly string[];
  /** Labels that it groups by. */
  readonly by: readonly string[];
  /** What is wrong with it, a line each. */
  readonly mistakes: readonly string[];
}

/** Reads an expression, as far as names and labels go, and holds it to the catalogue of metrics. */
export function readPromql(expression: string): Asked {
  const tokens: readonly string[] = expression.match(TOKEN) ?? [];
  const series: string[] = [];
  const selected: (readonly [series: string, label: string])[] = [];
  const by: string[] = [];
  const bare: string[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at] ?? "";
    if (!/^[A-Za-z_:]/.test(token)) continue;
    if (token === "by") {
      const end = tokens.indexOf(")", at);
      by.push(...tokens.slice(at + 2, end).filter((word) => word !== ","));
      at = end;
    } else if (!["(", "by"].includes(tokens[at + 1] ?? "") && !KEYWORDS.has(token)) {
      series.push(token);
      if (tokens[at + 1] === "{") {
        const end = tokens.indexOf("}", at);
        for (const [place, word] of tokens.slice(at, end).entries())
          if (/^[!=]/.test(word)) selected.push([token, tokens[at + place - 1] ?? ""]);
        at = end;
      }
      // Alone its sums tell no more than how long it has run.
      const isSpan = tokens[at + 1]?.startsWith("[") ?? false;
      if (!isSpan && metricOf(token)?.type === "histogram") bare.push(token);
    }
  }
  const known = series.flatMap((name) => {
    const metric = metricOf(name);
    return metric === undefined ? [] : labelsOf(name, metric);
  });
  return {
    series,
    by,
    mistakes: [
      ...(series.length === 0 ? ["it asks for nothing"] : []),
      ...series.filter((name) => metricOf(name) === undefined).map((name) => `there is no metric ${name}`),
      ...bare.map((name) => `${name} is asked for without a span`),
      ...selected.flatMap(([name, label]) => {
        const metric = metricOf(name);
        const isKnown = metric === undefined || labelsOf(name, metric).includes(label);
        return isKnown ? [] : [`${name} has no label ${label}`];
      }),
      ...by.filter((label) => !known.includes(label)).map((label) => `nothing of it has a label ${label}`),
    ],
  };
}
