import type { IncomingHttpHeaders } from "node:http";
import { WebSocket } from "ws";
import { Answers, type Call, type Carrier, idOf, messageOf, parseMessage } from "../engine/rpc/index.ts";
import { connectionError, NoAnswer, statusError } from "../engine/rpc/index.ts";
import { elsewhere } from "./redirect.ts";

/** Carries calls over a WebSocket, which is opened with the first call, and again with the next one after a drop. */
export class WebSocketCarrier implements Carrier {
  readonly #endpoint: URL;
  readonly #timeout: number;
  #session: Session | undefined;
  readonly #onHeads: (() => void)[] = [];

  /** @param timeout milliseconds that opening the socket may take, and so may each exchange */
  constructor(endpoint: URL, timeout: number) {
    this.#endpoint = endpoint;
    this.#timeout = timeout;
  }

  async exchange(calls: readonly Call[]): Promise<Answers> {
    if (this.#session === undefined || this.#session.isOver)
      this.#session = new Session(this.#endpoint, this.#timeout, this.#onHeads);
    return this.#session.exchange(calls);
  }

  followHeads(onHead: () => void): void {
    this.#onHeads.push(onHead);
    this.#session?.subscribe();
  }

  close(): void {
    this.#session?.end(new NoAnswer("connection closed"));
  }
}

/** Calls of one message that wait for their answers. */
interface Exchange {
  readonly calls: readonly Call[];
  readonly answers: Answers;
  readonly timer: NodeJS.Timeout;
  readonly resolve: (answers: Answers) => void;
  readonly reject: (error: NoAnswer) => void;
}

/** Calls have ids from 1 up. A node that has no subscriptions answers an error, which changes nothing. */
const SUBSCRIBE = JSON.stringify({ jsonrpc: "2.0", id: 0, method: "eth_subscribe", params: ["newHeads"] });

/** One socket's life. */
class Session {
  readonly #socket: WebSocket;
  readonly #timeout: number;
  readonly #opened: Promise<void>;
  readonly #onHeads: readonly (() => void)[];
  readonly #exchanges = new Map<string, Exchange>();
  #end: NoAnswer | undefined;

  constructor(endpoint: URL, timeout: number, onHeads: readonly (() => void)[]) {
    this.#timeout = timeout;
    this.#onHeads = onHeads;
    // Compression would cost more time than it saves on calls this short.
    this.#socket = new WebSocket(endpoint, { handshakeTimeout: timeout, perMessageDeflate: false });
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#opened = promise;
    this.#socket
      .on("open", () => {
        if (onHeads.length > 0) this.subscribe();
        resolve();
      })
      .on("message", (data: Buffer) => this.#take(data.toString()))
      .on("unexpected-response", (request, { statusCode = 0, headers }) => {
        this.end(handshakeError(endpoint, statusCode, headers));
        request.destroy();
      })
      .on("error", (error) => this.end(errorOf(error)))
      .on("close", (code) => {
        this.end(new NoAnswer("connection closed", `the WebSocket closed (code ${code})`));
        reject(this.#end);
      });
  }

  get isOver(): boolean {
    return this.#end !== undefined;
  }

  async exchange(calls: readonly Call[]): Promise<Answers> {
    await this.#opened;
    if (this.#end !== undefined) throw this.#end;
    return new Promise((resolve, reject) => {
      // A socket that leaves a call without an answer is taken for dead: half-open ones do not tell.
      const timer = setTimeout(
        () => this.end(new NoAnswer("time-out", `no answer within ${this.#timeout} ms`)),
        this.#timeout,
      );
      const exchange = { calls, answers: new Answers(), timer, resolve, reject };
      for (const { id } of calls) this.#exchanges.set(String(id), exchange);
      this.#socket.send(messageOf(calls), (error) => {
        if (error != null) this.end(connectionError(error));
      });
    });
  }

  /** Asks to be told of heads, where it is open: one that is opened does so by itself. */
  subscribe(): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(SUBSCRIBE, () => undefined);
  }

  /** Ends the socket; whatever waits for it fails with `error`. */
  end(error: NoAnswer): void {
    if (this.#end !== undefined) return;
    this.#end = error;
    this.#socket.terminate();
    for (const exchange of new Set(this.#exchanges.values())) {
      clearTimeout(exchange.timer);
      exchange.reject(error);
    }
    this.#exchanges.clear();
  }

  #take(text: string): void {
    let message: unknown;
    try {
      message = parseMessage(text);
    } catch (error) {
      // Whose answer it was cannot be told.
      this.end(error as NoAnswer);
      return;
    }
    if (isNotification(message)) {
      for (const onHead of this.#onHeads) onHead();
      return;
    }
    const exchange = this.#exchangeOf(message);
    if (exchange === undefined) return;
    exchange.answers.add(message);
    // A list holds all that will come; nodes without batches answer each call by itself.
    const isLast = Array.isArray(message) || idOf(message) === undefined;
    if (isLast || exchange.calls.every(({ id }) => exchange.answers.has(id))) this.#finish(exchange);
  }

  /** An error without an id can be told whose it is only where one exchange is open; otherwise the time-out tells. */
  #exchangeOf(message: unknown): Exchange | undefined {
    const ids = ([message].flat() as readonly unknown[]).map(idOf);
    const known = ids.find((id) => id !== undefined && this.#exchanges.has(id));
    if (known !== undefined) return this.#exchanges.get(known);
    const isAnswer = typeof message === "object" && message !== null && !("method" in message);
    const open = new Set(this.#exchanges.values());
    return isAnswer && open.size === 1 && ids.every((id) => id === undefined) ? [...open][0] : undefined;
  }

  #finish(exchange: Exchange): void {
    clearTimeout(exchange.timer);
    for (const { id } of exchange.calls) this.#exchanges.delete(String(id));
    exchange.resolve(exchange.answers);
  }
}

/** Nothing but heads is subscribed to. */
const isNotification = (message: unknown): boolean =>
  (message as { readonly method?: unknown }).method === "eth_subscription";

function handshakeError(endpoint: URL, status: number, headers: IncomingHttpHeaders): NoAnswer {
  const { location, "retry-after": retryAfter } = headers;
  const isElsewhere =
    status >= 300 && status < 400 && location !== undefined && URL.canParse(location, endpoint.href);
  return isElsewhere
    ? elsewhere(status, new URL(location, endpoint))
    : statusError(status, retryAfter, Date.now());
}

/** ws tells a handshake that took too long by its words alone. */
const errorOf = (error: Error): NoAnswer =>
  /timed out/.test(error.message)
    ? new NoAnswer("time-out", "no WebSocket handshake in time")
    : connectionError(error);
