/** The longest that an endpoint's Retry-After is obeyed. Milliseconds. */
const LONGEST_RETRY_AFTER_MS = 30_000;

/**
 * A request without an answer of a node: it may or may not have had its effect. `kind` says why in a few words, so that
 * errors of one kind can be counted: "connection refused", "connection reset", "time-out", "429", "5xx", "not JSON",
 * "missing answer", "redirect" and the like.
 */
export class NoAnswer extends Error {
  override readonly name = "NoAnswer";
  readonly kind: string;
  /** How long the endpoint wants to be left alone. Milliseconds; 0 where it did not say. */
  readonly retryAfter: number;

  constructor(kind: string, message = kind, { retryAfter = 0, cause }: NoAnswerDetails = {}) {
    super(message, cause === undefined ? {} : { cause });
    this.kind = kind;
    this.retryAfter = retryAfter;
  }
}

interface NoAnswerDetails {
  readonly retryAfter?: number;
  readonly cause?: unknown;
}

/** A request to an endpoint that this program has closed. */
export class EndpointClosed extends Error {
  override readonly name = "EndpointClosed";

  constructor() {
    super("the endpoint was closed");
  }
}

/** A node's answer that is not what the JSON-RPC specification says. What was asked may or may not have had its effect. */
export class MalformedAnswer extends Error {
  override readonly name = "MalformedAnswer";
}

/** A node's JSON-RPC error object. */
export interface RpcErrorObject {
  readonly code: number | undefined;
  readonly message: string;
  readonly data?: unknown;
}

/** A node answered a request with an error: its own word. */
export class NodeError extends Error {
  override readonly name = "NodeError";
  readonly error: RpcErrorObject;
  /** How long the endpoint wants to be left alone. Milliseconds; 0 where it did not say. */
  readonly retryAfter: number;

  /** @param retryAfter what came with the answer, beside what the error itself says. Milliseconds */
  constructor(error: RpcErrorObject, retryAfter = 0) {
    super(error.message);
    this.error = error;
    this.retryAfter = Math.max(retryAfter, retryAfterOf(error.data));
  }
}

/** A node has no state of a block any more: full nodes keep those of the newest blocks alone, and asking again brings none back. */
export class StatePruned extends NodeError {
  /** @param back how many blocks it is behind the newest one that is known */
  constructor({ error, retryAfter }: NodeError, block: number, back: number) {
    const words = `no state of block ${block}, ${back} blocks back, which only an archive node keeps`;
    super({ ...error, message: `${words} (${error.message})` }, retryAfter);
  }
}

/** What errors of some gateways say in their data: Infura's `rate.backoff_seconds`, Chainstack's `try_again_in`. */
function retryAfterOf(data: unknown): number {
  const { rate, try_again_in: again } = (data ?? {}) as { rate?: unknown; try_again_in?: unknown };
  const { backoff_seconds: seconds } = (rate ?? {}) as { backoff_seconds?: unknown };
  if (typeof seconds === "number" && seconds > 0) return Math.min(LONGEST_RETRY_AFTER_MS, seconds * 1000);
  const [, amount, unit] = typeof again === "string" ? (/^(\d+(?:\.\d+)?)(ms|s)$/.exec(again) ?? []) : [];
  return Math.min(LONGEST_RETRY_AFTER_MS, Number(amount ?? 0) * (unit === "s" ? 1000 : 1));
}

/** How long the endpoint behind an error wants to be left alone. Milliseconds; 0 where it did not say. */
export const retryAfter = (thrown: unknown): number =>
  thrown instanceof NoAnswer || thrown instanceof NodeError ? thrown.retryAfter : 0;

/**
 * What a Retry-After header says (RFC 9110, 10.2.3: seconds, or an HTTP date), in milliseconds and at most half a minute.
 *
 * @param now Unix milliseconds
 */
export function parseRetryAfter(header: string | undefined, now: number): number {
  if (header === undefined) return 0;
  const text = header.trim();
  const ms = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isNaN(ms) ? 0 : Math.min(LONGEST_RETRY_AFTER_MS, Math.max(0, ms));
}

/** The error of an HTTP status that brings no JSON-RPC answer. */
export function statusError(status: number, header: string | undefined, now: number): NoAnswer {
  const retryAfter = parseRetryAfter(header, now);
  // 429 and 503 say that later it may answer; of the other 5xx nobody needs to know which.
  const kind = status >= 500 && status !== 503 ? "5xx" : String(status);
  return new NoAnswer(kind, `HTTP status ${status}`, { retryAfter });
}

const BY_SYSTEM_CODE: Readonly<Record<string, string>> = {
  ECONNREFUSED: "connection refused",
  ECONNRESET: "connection reset",
  ECONNABORTED: "connection reset",
  EPIPE: "connection reset",
  ERR_STREAM_PREMATURE_CLOSE: "connection reset",
  ETIMEDOUT: "time-out",
  ENOTFOUND: "host not found",
  EAI_AGAIN: "host not found",
  EHOSTUNREACH: "host unreachable",
  ENETUNREACH: "host unreachable",
};

/** The error of a connection that failed, in one of our words. */
export function connectionError(thrown: unknown): NoAnswer {
  if (thrown instanceof NoAnswer) return thrown;
  const { code, message } = (thrown ?? {}) as { code?: unknown; message?: unknown };
  const known = BY_SYSTEM_CODE[String(code)];
  if (known !== undefined) return new NoAnswer(known, `${known} (${String(code)})`, { cause: thrown });
  return new NoAnswer("connection failed", `connection failed: ${String(message ?? code ?? thrown)}`, {
    cause: thrown,
  });
}
