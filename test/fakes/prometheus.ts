/** One line of Prometheus' text: a series and its value. */
export interface Series {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** What an endpoint of metrics answered. */
export interface Scraped {
  readonly series: readonly Series[];
  /** By name, as the lines that begin with `# TYPE` have them. */
  readonly types: ReadonlyMap<string, string>;
}

const LABEL = /([A-Za-z_]\w*)="((?:[^"\\]|\\.)*)"/g;

/** Reads Prometheus' text, and takes nothing that is none. */
export function parseMetrics(text: string): Scraped {
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("# HELP "));
  const types = new Map<string, string>();
  const series = lines.flatMap((line) => {
    const [, typed, type] = /^# TYPE (\S+) (counter|gauge|histogram)$/.exec(line) ?? [];
    if (typed !== undefined && type !== undefined) {
      if (types.has(typed)) throw new Error(`${typed} has two types`);
      types.set(typed, type);
      return [];
    }
    const [, name, labels = "", value] = /^([A-Za-z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) throw new Error(`no line of Prometheus' text: ${line}`);
    const named = [...labels.matchAll(LABEL)].map(([, label = "", of = ""]) => [label, of] as const);
    return [{ name, labels: Object.fromEntries(named), value: Number(value) }];
  });
  return { series, types };
}

/** Asks for metrics as Prometheus does. */
export async function scrape(url: string): Promise<Scraped> {
  const response = await fetch(url);
  if (response.headers.get("content-type") !== "text/plain; version=0.0.4; charset=utf-8")
    throw new Error(`answers ${response.status} ${String(response.headers.get("content-type"))}`);
  return parseMetrics(await response.text());
}

/** The sum of a metric's series that have these labels. */
export const sumOf = (
  { series }: Scraped,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number =>
  series
    .filter((one) => one.name === name && Object.entries(labels).every(([key, of]) => one.labels[key] === of))
    .reduce((sum, { value }) => sum + value, 0);
