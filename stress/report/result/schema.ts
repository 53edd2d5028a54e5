import { z } from "zod";
import { CROSSING_CLASSES } from "../../engine/audit/index.ts";

// Everything that a result.json may hold. docs/result.md tells of each key; schema.json is made from it (`npm run schema`).

const ms = z.number().describe("milliseconds");
const moment = z.number().describe("Unix milliseconds");
const count = z.int();
const wei = z
  .string()
  .regex(/^-?\d+$/)
  .describe("wei, or smallest units of a token, in decimals");
const chain = z.union([z.literal(1), z.literal(2)]);
const code = z.string().describe("two letters, as in op.log");
const perChain = <T extends z.ZodType>(of: T) => z.strictObject({ 1: of, 2: of });
const amounts = z.record(z.string(), wei);
const histogram = z
  .array(z.tuple([ms, count]))
  .describe("times to two significant digits, and how many took as long");

const verdict = z
  .strictObject({
    is: z.enum(["held", "not held", "stopped", "unfinished", "unproven"]),
    held: z.boolean(),
    reasons: z.array(z.string()),
  })
  .meta({ id: "verdict" });

const endpointFacts = z
  .strictObject({
    endpoints: z.array(z.string()),
    chainId: z.int().optional(),
    client: z.string().optional(),
    confirmations: z.int(),
    explorer: z.string().optional(),
  })
  .meta({ id: "chain" });

const environment = z
  .strictObject({
    node: z.string(),
    system: z.string(),
    processor: z.string(),
    cores: count,
    memory: z.number().describe("bytes"),
    ci: z.boolean(),
  })
  .meta({ id: "environment" });

const conditions = z
  .strictObject({
    scenario: z.string(),
    target: z.string(),
    protocol: z.string(),
    seed: z.int().optional(),
    children: count,
    options: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
    commit: z.string().optional(),
    chains: perChain(endpointFacts).optional(),
    fork: z.unknown().optional(),
    environment: environment.optional(),
  })
  .meta({ id: "conditions" });

export const RUN_PHASES = ["funding", "load", "drain", "refund", "audit"] as const;

const runPhase = z.strictObject({ phase: z.enum(RUN_PHASES), at: moment, ms }).meta({ id: "run-phase" });

const time = z
  .strictObject({
    startedAt: moment,
    endedAt: moment.optional(),
    phases: z.array(runPhase),
  })
  .meta({ id: "time" });

const transaction = z
  .strictObject({
    what: z.string(),
    chain: chain.optional(),
    hash: z.string(),
    block: z.int().optional(),
    blockTime: moment.optional(),
    seen: ms.optional(),
    reverted: z.boolean().optional(),
  })
  .meta({ id: "transaction" });

const part = z.strictObject({ part: z.string(), ms }).meta({ id: "part" });

const operation = z
  .strictObject({
    child: z.int(),
    code,
    from: chain,
    to: chain,
    startedAt: moment,
    outcome: z.enum(["succeeded", "failed", "abandoned"]),
    why: z.string().optional(),
    gasUsed: wei,
    gasEstimated: wei,
    phases: z.array(z.tuple([z.string(), ms])),
    parts: z.array(part),
    transactions: z.array(transaction),
    journal: z.array(z.string()),
  })
  .meta({ id: "operation" });

const phaseFigures = z
  .strictObject({
    phase: z.string(),
    count,
    median: ms,
    p95: ms,
    p99: ms,
    max: ms,
    histogram,
  })
  .meta({ id: "phase-figures" });

const codeFigures = z
  .strictObject({
    code,
    count,
    failed: count,
    refused: count,
    gasUsed: wei,
    gasEstimated: wei,
    phases: z.array(phaseFigures),
  })
  .meta({ id: "figures" });

const span = z
  .strictObject({
    started: count,
    done: count,
    failed: count,
    median: ms.optional(),
    p95: ms.optional(),
    p99: ms.optional(),
    slowest: operation.optional(),
  })
  .meta({ id: "span" });

const overTime = z
  .strictObject({ from: moment, spanMs: ms, spans: z.array(z.record(code, span)) })
  .meta({ id: "over-time" });

const operations = z
  .strictObject({
    performed: count,
    failed: count,
    abandoned: count,
    figures: z.array(codeFigures),
    slowest: z.array(operation),
    failures: z.array(operation),
    moreFailures: count,
    overTime,
  })
  .meta({ id: "operations" });

const arrival = z
  .strictObject({
    chain,
    hash: z.string(),
    block: z.int(),
    blockTime: moment.optional(),
    at: moment,
    paid: z.boolean(),
  })
  .meta({ id: "arrival" });

const crossing = z
  .strictObject({
    class: z.enum(CROSSING_CLASSES),
    code,
    who: z.union([z.int(), z.literal("funder")]),
    from: chain,
    paidOn: chain,
    hash: z.string(),
    block: z.int().optional(),
    blockTime: moment.optional(),
    startedAt: moment.optional(),
    arrivals: z.array(arrival),
    message: z.string().optional(),
    asset: z.string(),
    deposit: wei,
    due: wei,
    paid: wei,
    difference: wei,
    age: ms,
    late: z.boolean(),
    rateKnown: z.boolean(),
  })
  .meta({ id: "crossing" });

const strangersPayout = z
  .strictObject({ chain, account: z.string(), asset: z.string(), amount: wei, message: z.string() })
  .meta({ id: "strangers-payout" });

const crossings = z
  .strictObject({
    counts: z.record(z.enum(CROSSING_CLASSES), count),
    late: count,
    outOfOrder: count,
    rateUnknown: count,
    exceptions: z.array(crossing),
    fromStrangers: z.array(strangersPayout),
  })
  .meta({ id: "crossings" });

const difference = z
  .strictObject({
    amounts,
    chain,
    account: z.string(),
    between: z.tuple([z.int(), z.int()]),
    transactions: z.array(z.string()),
    foreign: z.array(z.string()),
    untold: z.array(z.string()).optional(),
  })
  .meta({ id: "difference" });

const reconciledBooks = z
  .strictObject({
    kind: z.literal("reconciled"),
    chain,
    block: z.int(),
    opening: amounts,
    closing: amounts,
    causes: z.record(z.string(), amounts),
    differences: z.array(difference),
  })
  .meta({ id: "chain-books" });

const unknownBooks = z
  .strictObject({ kind: z.literal("unknown"), chain, reason: z.string() })
  .meta({ id: "unknown-books" });

const chainBooks = z.discriminatedUnion("kind", [reconciledBooks, unknownBooks]);

const asset = z
  .strictObject({ name: z.string(), label: z.string(), isEther: z.boolean() })
  .meta({ id: "asset" });

const books = z
  .strictObject({
    conserved: z.boolean(),
    assets: z.array(asset),
    chains: perChain(chainBooks),
    unaccounted: perChain(wei),
    unaccountedTokens: z.record(z.string(), perChain(wei)),
    cost: wei,
    unreturned: wei,
    dust: wei,
    problems: z.array(z.string()),
  })
  .meta({ id: "books" });

const generator = z
  .strictObject({ delayP99: ms, busy: z.number(), cpu: z.number() })
  .meta({ id: "generator" });

const sample = z
  .strictObject({
    at: moment,
    open: count,
    calls: z.tuple([count, count]),
    repeated: z.tuple([count, count]),
    errors: z.tuple([count, count]),
    levels: amounts,
    generator,
  })
  .meta({ id: "sample" });

const reorganisation = z.strictObject({ block: z.int(), depth: z.int() }).meta({ id: "reorganisation" });

const preconfirmations = z
  .strictObject({ kept: count, broken: z.array(z.unknown()) })
  .meta({ id: "preconfirmations" });

const traffic = z
  .strictObject({
    endpoints: z.array(z.string()),
    requests: count,
    httpRequests: count,
    webSocketMessages: count,
    repeated: count,
    errors: z.record(z.string(), count),
  })
  .meta({ id: "traffic" });

const chainEvents = z
  .strictObject({
    reorganisations: z.array(reorganisation),
    takenBack: count,
    rebroadcast: count,
    replaced: count,
    outages: count,
    preconfirmations,
    traffic,
    baseFee: z.unknown().optional(),
  })
  .meta({ id: "chain-events" });

const finding = z.strictObject({ detector: z.string(), count, what: z.string() }).meta({ id: "finding" });

const generatorReport = z
  .strictObject({ delayP99: ms, busy: z.number(), cpu: z.number(), bottlenecks: z.array(z.string()) })
  .meta({ id: "generator-report" });

const end = z.strictObject({ reason: z.string(), told: z.string(), clean: z.boolean() }).meta({ id: "end" });

/** A result.json of version 1. */
export const resultFile = z.strictObject({
  $schema: z.string().optional(),
  version: z.literal(1),
  source: z.enum(["run", "op.log"]),
  verdict,
  conditions,
  time,
  end: end.optional(),
  operations,
  crossings: crossings.optional(),
  books: books.optional(),
  findings: z.array(finding),
  injected: z.array(z.record(z.string(), z.unknown())),
  load: z.looseObject({ model: z.enum(["closed", "open", "search"]) }).optional(),
  generator: generatorReport.optional(),
  chains: perChain(chainEvents).optional(),
  samples: z.array(sample),
});

/** What a run leaves behind for people and programs. */
export type ResultFile = z.infer<typeof resultFile>;
export type ResultOperation = ResultFile["operations"]["slowest"][number];
export type Verdict = ResultFile["verdict"];

/** The text of `schema.json`. */
export const resultSchemaText = (): string => `${JSON.stringify(z.toJSONSchema(resultFile), null, 2)}\n`;
