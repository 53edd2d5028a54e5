import { NoAnswer, NodeError } from "./errors.ts";

/** A call, ready to be sent. */
export interface Call {
  readonly id: number;
  /** As JSON. */
  readonly text: string;
}

/** Carries calls to an endpoint and brings back what it answers. */
export interface Carrier {
  /**
   * Sends calls as one message.
   *
   * @throws {NoAnswer} where none of them was answered
   */
  exchange(calls: readonly Call[]): Promise<Answers>;
  /** Where it can be told of new heads: has the listener told of each, from the next call on, as far as the endpoint tells them. */
  followHeads?(onHead: () => void): void;
  close(): void;
}

/** What an endpoint answered to the calls of one message. */
export class Answers {
  readonly #byId = new Map<string, unknown>();
  readonly #retryAfter: number;
  /** One answer in the place of a batch's: the whole of it was refused. */
  #toAll: unknown;

  /** @param retryAfter how long the endpoint wants to be left alone, where it is busy. Milliseconds */
  constructor(retryAfter = 0) {
    this.#retryAfter = retryAfter;
  }

  /** Takes a parsed message. Of two answers with one id the first counts. */
  add(message: unknown): void {
    for (const answer of [message].flat() as readonly unknown[]) {
      const id = idOf(answer);
      if (id !== undefined) this.#byId.set(id, this.#byId.get(id) ?? answer);
      else this.#toAll ??= answer;
    }
  }

  has(id: number): boolean {
    return this.#byId.has(String(id));
  }

  /** The node's error about all calls together, undefined where it answered them one by one. */
  get refusal(): NodeError | undefined {
    const { error } = (this.#toAll ?? {}) as Answer;
    const isError = typeof error === "object" && error !== null;
    return isError && this.#byId.size === 0 ? nodeError(error, this.#retryAfter) : undefined;
  }

  /** Why no call was answered, in the node's words; undefined where one was. */
  get silence(): NodeError | undefined {
    const { error = "no answer to any call" } = (this.#toAll ?? {}) as Answer;
    return this.#byId.size === 0 ? nodeError(error ?? "no answer to any call", this.#retryAfter) : undefined;
  }

  /**
   * A call's result.
   *
   * @throws {NodeError} where the node answered an error
   * @throws {NoAnswer} where the call was left out
   */
  result(id: number): unknown {
    const answer = (this.#byId.get(String(id)) ?? this.#toAll) as Answer | undefined;
    if (answer?.error !== undefined && answer.error !== null) throw nodeError(answer.error, this.#retryAfter);
    if (answer?.result === undefined) throw new NoAnswer("missing answer");
    return answer.result;
  }
}

interface Answer {
  readonly result?: unknown;
  readonly error?: unknown;
}

/** The id of an answer, undefined where it has none. Some nodes make a text of it. */
export function idOf(answer: unknown): string | undefined {
  const { id } = (answer ?? {}) as { id?: unknown };
  return typeof id === "number" || typeof id === "string" ? String(id) : undefined;
}

function nodeError(error: unknown, retryAfter: number): NodeError {
  const { code, message, data } = error as { code?: unknown; message?: unknown; data?: unknown };
  return new NodeError(
    {
      code: typeof code === "number" ? code : undefined,
      message: [error, message].find((one) => typeof one === "string") ?? JSON.stringify(error),
      ...(data === undefined ? {} : { data }),
    },
    retryAfter,
  );
}

/**
 * Parses what an endpoint sent.
 *
 * @throws {NoAnswer} where it is no JSON, or JSON that is no answer to anything
 */
export function parseMessage(text: string): unknown {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch (error) {
    // V8 would quote the text, and who knows what that is.
    throw new NoAnswer("not JSON", `an answer of ${text.length} characters that is not JSON`, {
      cause: error,
    });
  }
  if (typeof message !== "object" || message === null)
    throw new NoAnswer("not JSON-RPC", `an answer that is not JSON-RPC but a ${typeof message}`);
  return message;
}

/** The text of a message: a batch only where there are several calls, as some nodes know no batches. */
export function messageOf(calls: readonly Call[]): string {
  const [first] = calls;
  return calls.length === 1 && first !== undefined
    ? first.text
    : `[${calls.map(({ text }) => text).join(",")}]`;
}
