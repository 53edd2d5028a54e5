import { once } from "node:events";
import {
  Agent as HttpAgent,
  type ClientRequest,
  type IncomingMessage,
  request as requestHttp,
} from "node:http";
import { Agent as HttpsAgent, request as requestHttps } from "node:https";
import { pipeline, type Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { createGunzip } from "node:zlib";
import { Answers, type Call, type Carrier, messageOf, parseMessage } from "../engine/rpc/index.ts";
import { connectionError, NoAnswer, parseRetryAfter, statusError } from "../engine/rpc/index.ts";
import { redirectOf } from "./redirect.ts";

/** So many redirects are followed for one message. */
const MOST_REDIRECTS = 5;

/**
 * Carries calls over HTTP, one POST a message. ethers' JsonRpcProvider would repeat a 429 by itself up to twelve times,
 * reports an answer that is not JSON as an unsupported operation, and stringifies a batch again for every call in it;
 * fetch refuses some ports, and URLs with a password.
 */
export class HttpCarrier implements Carrier {
  #endpoint: URL;
  readonly #timeout: number;
  readonly #agent: HttpAgent | HttpsAgent;

  /** @param timeout milliseconds that an exchange may take, the answer's last byte included */
  constructor(endpoint: URL, timeout: number) {
    this.#endpoint = endpoint;
    this.#timeout = timeout;
    this.#agent = new (endpoint.protocol === "https:" ? HttpsAgent : HttpAgent)({ keepAlive: true });
  }

  async exchange(calls: readonly Call[]): Promise<Answers> {
    const { status, retryAfter, body } = await this.#follow(messageOf(calls));
    if (status === 429 || status === 503) throw statusError(status, retryAfter, Date.now());
    const answers = new Answers(parseRetryAfter(retryAfter, Date.now()));
    try {
      answers.add(parseMessage(body));
    } catch (error) {
      // Some nodes send their JSON-RPC errors with a status of their own; without one the status is all there is.
      throw isGood(status) ? error : statusError(status, retryAfter, Date.now());
    }
    const isTold = calls.some(({ id }) => answers.has(id)) || (status < 500 && answers.refusal !== undefined);
    if (!isGood(status) && !isTold) throw statusError(status, retryAfter, Date.now());
    return answers;
  }

  close(): void {
    this.#agent.destroy();
  }

  /** Posts a message where the endpoint is, or where it says that it is now. */
  async #follow(message: string): Promise<Reply> {
    let at = this.#endpoint;
    for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
      const reply = await this.#post(at, message);
      const redirect = redirectOf(at, reply.status, reply.location);
      if (redirect === undefined) return reply;
      if (redirect.isForGood && at === this.#endpoint) this.#endpoint = redirect.to;
      at = redirect.to;
    }
    throw new NoAnswer("redirect", `it redirects more than ${MOST_REDIRECTS} times, in a circle perhaps`);
  }

  async #post(endpoint: URL, message: string): Promise<Reply> {
    const request = this.#open(endpoint);
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      request.destroy();
    }, this.#timeout);
    try {
      request.end(message);
      const [response] = (await once(request, "response")) as [IncomingMessage];
      const { statusCode: status = 0, headers } = response;
      const { location, "retry-after": retryAfter } = headers;
      return { status, retryAfter, location, body: await text(inflated(response)) };
    } catch (error) {
      throw isLate
        ? new NoAnswer("time-out", `no answer within ${this.#timeout} ms`)
        : connectionError(error);
    } finally {
      clearTimeout(timer);
    }
  }

  #open(endpoint: URL): ClientRequest {
    const request = endpoint.protocol === "https:" ? requestHttps : requestHttp;
    const headers = { "content-type": "application/json", "accept-encoding": "gzip" };
    const opened = request(endpoint, { method: "POST", agent: this.#agent, headers });
    // An error after the response has begun is told by the response, too; without a listener it would end the process.
    return opened.on("error", () => undefined);
  }
}

interface Reply {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly location: string | undefined;
  readonly body: string;
}

const isGood = (status: number): boolean => status >= 200 && status < 300;

function inflated(response: IncomingMessage): Readable {
  if (response.headers["content-encoding"] !== "gzip") return response;
  // What fails on the way fails whoever reads the end of it.
  return pipeline(response, createGunzip(), () => undefined);
}
