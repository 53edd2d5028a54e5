import type { Attributes, HrTime, Span, Tracer } from "@opentelemetry/api";
import type { Performed } from "../../engine/events.ts";
import { isCrossing } from "../../protocols/operation.ts";
import { BlockTimes } from "../result/block-times.ts";
import { type OperationPath, partsOf, type PathTransaction } from "../result/operation-path.ts";
import { PathRecorder } from "../result/path-recorder.ts";
import type { Observed } from "../onlooker.ts";

/** OpenTelemetry's interface, which is loaded only where traces are asked for. */
export type OpenTelemetry = typeof import("@opentelemetry/api");

/** What names of attributes begin with. */
const PREFIX = "rollup_stress.";

/** Where spans go. */
export interface TraceTools {
  readonly api: OpenTelemetry;
  readonly tracer: Tracer;
}

/**
 * Tells each crossing of a run as a trace, with a span for each phase, when it is over: with the operation's own times, so that it costs
 * nothing while it is under way.
 */
export class CrossingTraces {
  readonly #observed: Observed;
  readonly #tools: TraceTools;
  readonly #codes: ReadonlySet<string>;
  /** How many spans there were so far. */
  spans = 0;

  constructor(tools: TraceTools, observed: Observed) {
    this.#tools = tools;
    this.#observed = observed;
    const { engine, run } = observed;
    this.#codes = new Set(run.plan.choices.filter(isCrossing).map(({ code }) => code));
    const paths = {
      started: () => undefined,
      ended: (path: OperationPath, endedAt: number, performed: Performed) => {
        if (this.#codes.has(path.code)) this.#tell(path, endedAt, performed);
      },
    };
    new PathRecorder(engine.clock, paths, new BlockTimes()).follow(engine.stream);
  }

  #tell(path: OperationPath, endedAt: number, performed: Performed): void {
    const { api, tracer } = this.#tools;
    const { code, startedAt, outcome, why = outcome } = path;
    const attributes = named({ ...this.#of(path), ...this.#messageOf(performed), ...factsOf(path) });
    const root = tracer.startSpan(code, { root: true, startTime: hrTime(startedAt), attributes });
    for (const one of path.transactions) this.#tellTransaction(root, startedAt, one);
    const within = api.trace.setSpan(api.ROOT_CONTEXT, root);
    let since = startedAt;
    const parts = partsOf(path);
    for (const [at, { part, ms }] of parts.entries()) {
      const [phase] = path.phases[at] ?? [part];
      const own = named({ code, phase });
      const span = tracer.startSpan(part, { startTime: hrTime(since), attributes: own }, within);
      since += ms;
      // The last one is that in which it turned out.
      if (outcome === "failed" && at === parts.length - 1) this.#fail(span, why);
      span.end(hrTime(since));
    }
    if (outcome === "failed") this.#fail(root, why);
    root.end(hrTime(Math.max(since, endedAt)));
    this.spans += parts.length + 1;
  }

  #tellTransaction(span: Span, startedAt: number, one: PathTransaction): void {
    const { what, hash, chain, block, seen, reverted } = one;
    const at = startedAt + (seen ?? 0);
    span.addEvent(what, named({ hash, chain, block, reverted }), hrTime(at));
  }

  #fail(span: Span, message: string): void {
    span.setStatus({ code: this.#tools.api.SpanStatusCode.ERROR, message });
  }

  #of({ child, code, from, outcome, why }: OperationPath): Facts {
    const { run, target, protocol } = this.#observed;
    const { scenario, seed } = run.plan;
    return { target, scenario, seed, protocol, child, code, chain: from, outcome, why };
  }

  /** What ties the payout to its deposit; undefined where nothing was sent. */
  #messageOf({ steps }: Performed): Facts {
    const { bridge } = this.#observed.engine;
    const step = steps.find(({ crossing, receipt }) => crossing !== undefined && receipt.succeeded);
    return { message: step && bridge.sent(step.chain, step.receipt)?.id };
  }
}

type Facts = Readonly<Record<string, string | number | boolean | undefined>>;

/** Of both ends of its way: hash and block. */
function factsOf({ transactions, to }: OperationPath): Facts {
  const own = transactions.find(({ what }) => what === "own");
  const paid = transactions.find(({ what }) => what === "payout" || what === "settled back");
  return {
    to,
    hash: own?.hash,
    block: own?.block,
    "payout.hash": paid?.hash,
    "payout.block": paid?.block,
    "payout.chain": paid?.chain,
  };
}

/** Those facts that there are, by names of our own. */
const named = (facts: Facts): Attributes =>
  Object.fromEntries(
    Object.entries(facts).flatMap(([name, value]) =>
      value === undefined ? [] : [[`${PREFIX}${name}`, value]],
    ),
  );

const NS_PER_MS = 1e6;

/** @param ms Unix milliseconds: a mere number might be taken for one since the process began */
function hrTime(ms: number): HrTime {
  const seconds = Math.floor(ms / 1000);
  return [seconds, Math.min(Math.round((ms - seconds * 1000) * NS_PER_MS), 1e9 - 1)];
}
