import { Times } from "../times.ts";
import { lengthOf, type OperationPath } from "./operation-path.ts";

/** Spans that a run is divided into at most; then each two of them become one. */
const MOST_SPANS = 90;

const FIRST_SPAN_MS = 1000;

/** Percentiles over time are drawn, not compared: 5 % will do. */
const DIGITS = 2;

/** What became of one kind of operation in a span of time. */
interface SpanTally {
  started: number;
  done: number;
  failed: number;
  times: Times;
  slowest: OperationPath | undefined;
}

/** One kind of operation in a span of time. Milliseconds. */
export interface SpanFigures {
  readonly started: number;
  /** Ended in this span and succeeded. */
  readonly done: number;
  readonly failed: number;
  /** Of those that succeeded, from start to end; undefined where none did. */
  readonly median?: number;
  readonly p95?: number;
  readonly p99?: number;
  /** The slowest of them. */
  readonly slowest?: OperationPath;
}

/** A span of time, by operation code. */
export type Span = Readonly<Record<string, SpanFigures>>;

/** What happened when, in so many equal spans that a run of days has no more of them than one of minutes. */
export class OperationsOverTime {
  readonly #spans: Map<string, SpanTally>[] = [];
  #from: number | undefined;
  #length = FIRST_SPAN_MS;

  started(code: string, at: number): void {
    this.#tally(code, at).started++;
  }

  ended(path: OperationPath, at: number): void {
    const tally = this.#tally(path.code, at);
    if (path.outcome !== "succeeded") {
      tally.failed++;
      return;
    }
    tally.done++;
    const length = lengthOf(path);
    tally.times.add(length);
    if (tally.slowest === undefined || lengthOf(tally.slowest) < length) tally.slowest = path;
  }

  /** When the first span begins, in Unix milliseconds; undefined where nothing happened. */
  get from(): number | undefined {
    return this.#from;
  }

  /** Milliseconds that each span lasts. */
  get spanMs(): number {
    return this.#length;
  }

  spans(): Span[] {
    return Array.from(this.#spans, (span) =>
      Object.fromEntries([...(span ?? [])].map(([code, tally]) => [code, figuresOf(tally)])),
    );
  }

  #tally(code: string, at: number): SpanTally {
    this.#from ??= at;
    // Of the open load's first starts some were due before the first one that was told.
    let place = Math.max(0, Math.floor((at - this.#from) / this.#length));
    while (place >= MOST_SPANS) {
      this.#halve();
      place = Math.floor((at - this.#from) / this.#length);
    }
    while (this.#spans.length <= place) this.#spans.push(new Map());
    const span = this.#spans[place] ?? new Map<string, SpanTally>();
    const tally = span.get(code) ?? newTally();
    span.set(code, tally);
    return tally;
  }

  #halve(): void {
    const before = this.#spans.splice(0);
    for (let at = 0; at < before.length; at += 2)
      this.#spans.push(together(before[at] ?? new Map(), before[at + 1] ?? new Map()));
    this.#length *= 2;
  }
}

const newTally = (): SpanTally => ({
  started: 0,
  done: 0,
  failed: 0,
  times: new Times(DIGITS),
  slowest: undefined,
});

function together(a: Map<string, SpanTally>, b: ReadonlyMap<string, SpanTally>): Map<string, SpanTally> {
  for (const [code, tally] of b) {
    const into = a.get(code) ?? newTally();
    a.set(code, into);
    into.started += tally.started;
    into.done += tally.done;
    into.failed += tally.failed;
    into.times.merge(tally.times);
    const slower = tally.slowest;
    if (slower !== undefined && (into.slowest === undefined || lengthOf(into.slowest) < lengthOf(slower)))
      into.slowest = slower;
  }
  return a;
}

function figuresOf({ started, done, failed, times, slowest }: SpanTally): SpanFigures {
  if (slowest === undefined) return { started, done, failed };
  const [median = 0, p95 = median, p99 = p95] = times.percentiles([0.5, 0.95, 0.99]);
  return { started, done, failed, median, p95, p99, slowest };
}
