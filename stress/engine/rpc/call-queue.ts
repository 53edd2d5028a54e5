import type { Clock } from "../base/index.ts";
import type { Answers, Call, Carrier } from "./answers.ts";
import { EndpointClosed, NoAnswer } from "./errors.ts";
import { classifyRpcError, isTransient } from "./failure.ts";
import type { Traffic } from "./traffic.ts";

/** How long a call waits for others to share its message, in milliseconds. */
const GATHER_MS = 1;

/** Most calls, and most characters, of one message: what public nodes take. Those that take less are learned of. */
const MOST_CALLS = 100;
const MOST_CHARACTERS = 2 ** 20;

interface WaitingCall extends Call {
  readonly method: string;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Gathers the calls made together into messages, and hands each call its own answer. */
export class CallQueue {
  readonly #carrier: Carrier;
  readonly #over: "http" | "ws";
  readonly #traffic: Traffic;
  readonly #clock: Clock;
  #waiting: WaitingCall[] = [];
  #nextId = 1;
  #isGathering = false;
  #mostCalls = MOST_CALLS;
  #isClosed = false;

  constructor(carrier: Carrier, over: "http" | "ws", traffic: Traffic, clock: Clock) {
    this.#clock = clock;
    this.#carrier = carrier;
    this.#over = over;
    this.#traffic = traffic;
  }

  async send(method: string, params: readonly unknown[]): Promise<unknown> {
    if (this.#isClosed) throw new EndpointClosed();
    const id = this.#nextId++;
    const text = JSON.stringify({ jsonrpc: "2.0", id, method, params });
    return new Promise((resolve, reject) => {
      this.#waiting.push({ id, method, text, resolve, reject });
      if (this.#isGathering) return;
      this.#isGathering = true;
      void this.#clock.sleep(GATHER_MS).then(() => this.#flush());
    });
  }

  close(): void {
    this.#isClosed = true;
    for (const { reject } of this.#waiting) reject(new EndpointClosed());
    this.#waiting = [];
    this.#carrier.close();
  }

  #flush(): void {
    this.#isGathering = false;
    const calls = this.#waiting;
    this.#waiting = [];
    for (const batch of batches(calls, this.#mostCalls)) void this.#exchange(batch);
  }

  async #exchange(calls: readonly WaitingCall[]): Promise<void> {
    this.#traffic.sent(this.#over, calls.length);
    try {
      const answers = await this.#carrier.exchange(calls);
      checkBatch(calls, answers);
      for (const call of calls) this.#deliver(call, () => answers.result(call.id));
    } catch (error) {
      const told = this.#isClosed ? new EndpointClosed() : error;
      if (calls.length > 1 && isTooLarge(error))
        this.#mostCalls = Math.min(this.#mostCalls, calls.length >> 1);
      if (!this.#isClosed) this.#traffic.failed(kindOf(error));
      for (const { reject } of calls) reject(told);
    }
  }

  #deliver({ method, resolve, reject }: WaitingCall, result: () => unknown): void {
    try {
      resolve(result());
    } catch (error) {
      if (!isExpected(method, error)) this.#traffic.failed(kindOf(error));
      reject(error);
    }
  }
}

/**
 * Many nodes limit batches, and each in its own words: one that is refused as a whole may be too large. Whoever repeats its
 * calls finds them in smaller ones.
 *
 * @throws {NoAnswer} where that may be so
 */
function checkBatch(calls: readonly Call[], { refusal }: Answers): void {
  if (calls.length === 1 || refusal === undefined || isTransient(classifyRpcError(refusal))) return;
  throw new NoAnswer(BATCH_REFUSED, `batch of ${calls.length} refused: ${refusal.message}`);
}

const BATCH_REFUSED = "batch refused";

/** 413 is HTTP's word for it: content too large. */
const isTooLarge = (error: unknown): boolean =>
  error instanceof NoAnswer && (error.kind === BATCH_REFUSED || error.kind === "413");

/** The name under which an error is counted. */
const kindOf = (error: unknown): string => (error instanceof NoAnswer ? error.kind : nodeWord(error));

/** A node that says "internal error" did answer, whatever that is worth. */
function nodeWord(error: unknown): string {
  const failure = classifyRpcError(error);
  return failure === "no answer" ? "internal error" : failure;
}

/** Many nodes do not have this method: the watcher asks to learn it. */
const isExpected = (method: string, error: unknown): boolean =>
  method === "eth_getBlockReceipts" && classifyRpcError(error) === "refused";

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
