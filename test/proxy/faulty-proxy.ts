// A JSON-RPC endpoint that fails as public ones do. Of npm's packages none fits: toxiproxy knows TCP alone, and what
// breaks HTTP knows nothing of calls, batches and blocks.
import { type Client, Front } from "./front.ts";
import { type Call, Dice, FAILURES, FAULT_KINDS, type FaultKind } from "./kinds.ts";
import { type Answer, asOfNodeBehind } from "./node-behind.ts";
import { Upstream } from "./upstream.ts";

export interface FaultyProxyOptions {
  /** URL of the real endpoint. */
  readonly upstream: string;
  readonly seed: number;
  /** How many of a hundred messages are hit; for null receipts, how many of a hundred transactions. */
  readonly percent: number;
  /** Default: all that can be outlasted. */
  readonly kinds?: readonly FaultKind[];
  /** How long a connection without an answer is held before it is reset. Milliseconds; default 300. */
  readonly holdFor?: number;
  /** How long nobody listens. Milliseconds; default 50. */
  readonly refuseFor?: number;
  /** What the header says, in seconds; default 1. */
  readonly retryAfter?: number;
}

/** A proxy before a JSON-RPC endpoint that injects faults. It listens on 127.0.0.1 alone. Subscriptions are not handed on. */
export interface FaultyProxy {
  readonly url: string;
  readonly wsUrl: string;
  /** Injected faults by kind. */
  readonly counts: Readonly<Record<FaultKind, number>>;
  /** How often each method was asked for, by clients. */
  readonly methods: ReadonlyMap<string, number>;
  setPercent(percent: number): void;
  /** Breaks all connections; until `resume` connections are refused. */
  pause(): void;
  resume(): Promise<void>;
  close(): void;
}

const BAD_GATEWAY = "<html><body><h1>502 Bad Gateway</h1></body></html>";

const ERRORS = new Map<FaultKind | undefined, object>([
  ["internal error", { code: -32_603, message: "Internal error" }],
  ["limit exceeded", { code: -32_005, message: "limit exceeded" }],
  ["429 in 200", { code: 429, message: "Your app has exceeded its compute units per second capacity." }],
  ["no backend", { code: -32_011, message: "no backend is currently healthy to serve traffic" }],
  ["header not found", { code: -32_000, message: "header not found" }],
]);

/** What a node that has no words for it leaves out of a receipt. */
const BARE = { effectiveGasPrice: null, blockNumber: null, blockHash: null };

/** Opens a proxy on a free port. */
export async function openFaultyProxy(options: FaultyProxyOptions): Promise<FaultyProxy> {
  const proxy = new Proxy(options);
  await proxy.resume();
  return proxy;
}

class Proxy implements FaultyProxy {
  readonly counts = Object.fromEntries(FAULT_KINDS.map((kind) => [kind, 0])) as Record<FaultKind, number>;
  readonly methods = new Map<string, number>();
  readonly #options: Required<FaultyProxyOptions>;
  readonly #upstream: Upstream;
  readonly #dice: Dice;
  readonly #front = new Front((message, client) => void this.#take(message, client));
  /** Asks for the receipt of a transaction that are still answered with null. */
  readonly #nullsLeft = new Map<string, number>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #isPaused = false;

  constructor(options: FaultyProxyOptions) {
    this.#options = { kinds: FAILURES, holdFor: 300, refuseFor: 50, retryAfter: 1, ...options };
    this.#upstream = new Upstream(options.upstream);
    this.#dice = new Dice(options.seed, options.percent, this.#options.kinds);
  }

  get url(): string {
    return `http://${this.#front.host}`;
  }

  get wsUrl(): string {
    return `ws://${this.#front.host}`;
  }

  setPercent(percent: number): void {
    this.#dice.setPercent(percent);
  }

  pause(): void {
    this.#isPaused = true;
    this.#front.stopListening();
    this.#front.dropAll();
  }

  async resume(): Promise<void> {
    this.#isPaused = false;
    await this.#front.listen();
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#front.close();
  }

  async #take(message: string, client: Client): Promise<void> {
    try {
      const asked = JSON.parse(message) as Call | Call[];
      const calls = [asked].flat();
      for (const { method } of calls) this.methods.set(method, (this.methods.get(method) ?? 0) + 1);
      const kind = this.#dice.befalls(client.over, calls);
      if (kind !== undefined) this.counts[kind]++;
      const instead = kind === undefined ? undefined : this.#insteadOfForwarding[kind];
      if (instead !== undefined && (kind !== "socket drop" || this.#dice.pick(2) === 0)) {
        instead(client);
        return;
      }
      const answers = await this.#answers(calls, kind);
      const body = JSON.stringify(Array.isArray(asked) ? answers : answers[0]);
      const reply = kind === undefined ? undefined : this.#insteadOfReplying[kind];
      if (reply === undefined) client.reply(body);
      else reply(client, body);
    } catch {
      // The node itself is down, or the message makes no sense.
      client.status(502, {}, "upstream is down");
    }
  }

  /** What keeps a message from the node. */
  readonly #insteadOfForwarding: { readonly [K in FaultKind]?: (client: Client) => void } = {
    "connection refused": (client) => {
      this.#refuse();
      client.drop();
    },
    "reset before forwarding": (client) => client.drop(),
    "429": (client) => client.status(429, {}, "Too Many Requests"),
    "429 with Retry-After": (client) =>
      client.status(429, { "retry-after": String(this.#options.retryAfter) }, "Too Many Requests"),
    "500": (client) => client.status(500, {}, "Internal Server Error"),
    "502 with HTML": (client) => client.status(502, { "content-type": "text/html" }, BAD_GATEWAY),
    "batch refused": (client) => client.reply("[]"),
    redirect: (client) => client.status(307, { location: "/" }, ""),
    "lost request": (client) => this.#hold(client),
    "socket drop": (client) => client.drop(),
  };

  /** What keeps an answer from the client. */
  readonly #insteadOfReplying: { readonly [K in FaultKind]?: (client: Client, body: string) => void } = {
    "reset after forwarding": (client) => client.drop(),
    "socket drop": (client) => client.drop(),
    "lost answer": (client) => this.#hold(client),
    "truncated JSON": (client, body) => client.reply(body.slice(0, Math.ceil(body.length / 2))),
    "invalid JSON": (client, body) => client.reply(`}${body}`),
  };

  /** The node's answers, with what befell them on the way. */
  async #answers(calls: readonly Call[], kind: FaultKind | undefined): Promise<readonly Answer[]> {
    const hit = calls[this.#dice.pick(calls.length)]?.id;
    const isRefused = ERRORS.has(kind) && kind !== "internal error";
    const forwarded = isRefused ? calls.filter(({ id }) => id !== hit) : calls;
    const answers = this.#withNullReceipts(calls, await this.#upstream.forward(forwarded));
    const error = ERRORS.get(kind);
    if (error !== undefined)
      return [...answers.filter(({ id }) => id !== hit), { jsonrpc: "2.0", id: hit, error }];
    if (kind === "out of order") return answers.toReversed();
    if (kind === "bare receipts") return answers.map(bared);
    if (kind === "no events") return answers.map(withoutEvents);
    if (kind !== "stale head") return answers;
    const ask = (method: string, params: readonly unknown[]) => this.#upstream.ask(method, params);
    const head = Math.max(0, Number(await ask("eth_blockNumber", [])) - 1 - this.#dice.pick(3));
    return asOfNodeBehind(calls, answers, head, ask);
  }

  #withNullReceipts(calls: readonly Call[], answers: readonly Answer[]): Answer[] {
    const byId = new Map(calls.map((call) => [call.id as unknown, call]));
    return answers.map((answer) => {
      const call = byId.get(answer.id);
      if (call?.method !== "eth_getTransactionReceipt" || answer["result"] == null) return answer;
      const hash = String(call.params[0]);
      const left = this.#nullsLeft.get(hash) ?? this.#dice.nullReceipts(hash);
      this.#nullsLeft.set(hash, Math.max(0, left - 1));
      if (left === 0) return answer;
      this.counts["null receipt"]++;
      return { ...answer, result: null };
    });
  }

  #hold(client: Client): void {
    this.#later(this.#options.holdFor, () => client.drop());
  }

  #refuse(): void {
    this.#front.stopListening();
    this.#later(this.#options.refuseFor, () => {
      if (!this.#isPaused) void this.#front.listen();
    });
  }

  #later(ms: number, act: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      act();
    }, ms);
    this.#timers.add(timer);
  }
}

/** A block's header without its bloom, and its receipts without their events; those of one transaction are left as they are. */
function withoutEvents(answer: Answer): Answer {
  const { result } = answer;
  if (Array.isArray(result)) return { ...answer, result: result.map(withoutLogs) };
  const isHeader = typeof result === "object" && result !== null && "parentHash" in result;
  return isHeader ? { ...answer, result: { ...result, logsBloom: undefined } } : answer;
}

const withoutLogs = (value: unknown): unknown =>
  typeof value === "object" && value !== null && "gasUsed" in value
    ? { ...value, logs: [], logsBloom: undefined }
    : value;

/** An answer with receipts, without what many nodes leave out. */
function bared(answer: Answer): Answer {
  const { result } = answer;
  if (Array.isArray(result)) return { ...answer, result: result.map(baredReceipt) };
  return { ...answer, result: baredReceipt(result) };
}

const baredReceipt = (value: unknown): unknown =>
  typeof value === "object" && value !== null && "gasUsed" in value && "status" in value
    ? { ...value, ...BARE }
    : value;
