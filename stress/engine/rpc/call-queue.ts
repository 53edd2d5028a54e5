import { type Clock, reasonOf } from "../base/index.ts";
import type { Answers, Call, Carrier } from "./answers.ts";
import { BatchSize, half, refusalOf } from "./batch-size.ts";
import { EndpointClosed, NoAnswer, retryAfter } from "./errors.ts";
import { classifyRpcError, isBatchTooLarge, kindOf } from "./failure.ts";
import { Pace } from "./pace.ts";
import type { EndpointCounts } from "./endpoint-traffic.ts";

/** How long a call waits for others to share its message, in milliseconds. */
const GATHER_MS = 1;

/** Most characters of one message: what public nodes take. */
const MOST_CHARACTERS = 2 ** 20;

interface WaitingCall extends Call {
  readonly method: string;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Where an endpoint's calls go, and who is told of them. */
export interface Line {
  readonly carrier: Carrier;
  readonly over: "http" | "ws";
  readonly traffic: EndpointCounts;
  readonly clock: Clock;
  /** Is told of each peculiarity of the endpoint once. */
  readonly warn: (line: string) => void;
}

/** Gathers the calls made together into messages, and hands each call its own answer. */
export class CallQueue {
  readonly #line: Line;
  readonly #size = new BatchSize();
  readonly #pace = new Pace();
  readonly #closing = new AbortController();
  readonly #told = new Set<string>();
  #waiting: WaitingCall[] = [];
  #nextId = 1;
  #isGathering = false;

  constructor(line: Line) {
    this.#line = line;
  }

  async send(method: string, params: readonly unknown[]): Promise<unknown> {
    if (this.#isClosed) throw new EndpointClosed();
    return new Promise((resolve, reject) => {
      this.#waiting.push({ ...this.#callOf(method, params), method, resolve, reject });
      this.#line.traffic.waiting++;
      if (!this.#isGathering) void this.#gather();
    });
  }

  followHeads(onHead: () => void): void {
    this.#line.carrier.followHeads?.(onHead);
  }

  close(): void {
    this.#closing.abort();
    for (const { reject } of this.#taken()) reject(new EndpointClosed());
    this.#line.carrier.close();
  }

  get #isClosed(): boolean {
    return this.#closing.signal.aborted;
  }

  #callOf(method: string, params: readonly unknown[]): Call {
    const id = this.#nextId++;
    return { id, text: JSON.stringify({ jsonrpc: "2.0", id, method, params }) };
  }

  async #gather(): Promise<void> {
    const { clock } = this.#line;
    this.#isGathering = true;
    for (let ms = GATHER_MS; ms > 0 && !this.#isClosed; ms = this.#pace.wait(clock.now()))
      await clock.sleep(ms, this.#closing.signal);
    this.#isGathering = false;
    this.#send(this.#taken(), this.#size.most);
  }

  /** What waits, which waits no more. */
  #taken(): readonly WaitingCall[] {
    const calls = this.#waiting;
    this.#waiting = [];
    this.#line.traffic.waiting -= calls.length;
    return calls;
  }

  #send(calls: readonly WaitingCall[], mostCalls: number): void {
    // A message is answered when all of it was carried out: who asks for a block must not wait for a node to take a hundred transactions.
    const [sent, asked] = [calls.filter(isSent), calls.filter((call) => !isSent(call))];
    for (const batch of [...batches(asked, mostCalls), ...batches(sent, mostCalls)])
      void this.#exchange(batch);
  }

  async #exchange(calls: readonly WaitingCall[]): Promise<void> {
    const { carrier, over, traffic } = this.#line;
    traffic.sent(over, calls);
    try {
      const answers = await carrier.exchange(calls).finally(() => traffic.over(calls));
      const refusal = calls.length > 1 ? refusalOf(answers) : undefined;
      if (refusal === undefined) this.#deliver(calls, answers);
      else this.#refused(calls, calls.length, refusal);
    } catch (error) {
      await this.#lost(calls, error);
    }
  }

  #deliver(calls: readonly WaitingCall[], answers: Answers): void {
    const tooMany: WaitingCall[] = [];
    const errors: unknown[] = [];
    for (const call of calls) {
      try {
        call.resolve(answers.result(call.id));
      } catch (error) {
        errors.push(error);
        if (calls.length > 1 && isBatchTooLarge(error)) tooMany.push(call);
        else {
          if (!isExpected(call.method, error)) this.#line.traffic.failed(kindOf(error));
          call.reject(error);
        }
      }
    }
    this.#keepPace(calls.length, errors);
    if (tooMany.length === 0) this.#size.answered(calls.length);
    else this.#refused(tooMany, calls.length, reasonOf(errors.find(isBatchTooLarge)));
  }

  /** Of a batch that was too large, these calls were not carried out: they are asked again in smaller ones. */
  #refused(calls: readonly WaitingCall[], batch: number, reason: string): void {
    const { traffic } = this.#line;
    const refusal = new NoAnswer("batch refused", `batch of ${batch} refused: ${reason}`);
    traffic.failed(refusal.kind);
    if (this.#size.refused(batch))
      this.#tell(
        "batches",
        `does not take ${batch} calls at once (${reason}): it gets fewer, one by one if need be`,
      );
    const mayRepeat = (call: WaitingCall): boolean => !isSent(call) && !this.#isClosed;
    // Whoever sends something finds out by himself what became of it.
    const told = this.#isClosed ? new EndpointClosed() : refusal;
    for (const { reject } of calls.filter((call) => !mayRepeat(call))) reject(told);
    const again = calls.filter(mayRepeat);
    traffic.repeated += again.length;
    this.#send(again, Math.min(this.#size.most, half(batch)));
  }

  async #lost(calls: readonly WaitingCall[], error: unknown): Promise<void> {
    if (!this.#isClosed && (await this.#isTooLarge(calls, error))) {
      this.#refused(calls, calls.length, reasonOf(error));
      return;
    }
    if (!this.#isClosed) {
      this.#line.traffic.failed(kindOf(error));
      this.#keepPace(1, [error]);
    }
    for (const { reject } of calls) reject(this.#isClosed ? new EndpointClosed() : error);
  }

  /** Whether it was the size of a batch that it got no answer: then a single call gets one. */
  async #isTooLarge(calls: readonly WaitingCall[], error: unknown): Promise<boolean> {
    const { carrier, over, traffic } = this.#line;
    const kind = kindOf(error);
    if (!this.#size.lost(calls.length, kind)) return false;
    // HTTP's word for it: content too large.
    if (kind === "413") return true;
    const probe = [{ method: "eth_chainId", ...this.#callOf("eth_chainId", []) }];
    traffic.sent(over, probe);
    traffic.repeated++;
    try {
      await carrier.exchange(probe);
      return true;
    } catch {
      return false;
    } finally {
      traffic.over(probe);
    }
  }

  #keepPace(calls: number, errors: readonly unknown[]): void {
    const busy = errors.filter((error) => classifyRpcError(error) === "busy");
    this.#pace.heard(this.#line.clock.now(), busy.length / calls, Math.max(0, ...busy.map(retryAfter)));
    if (busy.length > 0) this.#tell("busy", `is busy (${reasonOf(busy[0])}): it is asked more slowly`);
  }

  #tell(what: string, line: string): void {
    if (this.#told.has(what)) return;
    this.#told.add(what);
    this.#line.warn(line);
  }
}

/** Many nodes do not have this method: the watcher asks to learn it. */
const isExpected = (method: string, error: unknown): boolean =>
  method === "eth_getBlockReceipts" && classifyRpcError(error) === "refused";

const isSent = ({ method }: WaitingCall): boolean => method.startsWith("eth_send");

function batches(calls: readonly WaitingCall[], mostCalls: number): WaitingCall[][] {
  const made: WaitingCall[][] = [];
  let characters = 0;
  for (const call of calls) {
    const last = made.at(-1);
    characters += call.text.length + 1;
    if (last !== undefined && last.length < mostCalls && characters <= MOST_CHARACTERS) last.push(call);
    else {
      made.push([call]);
      characters = call.text.length + 1;
    }
  }
  return made;
}
