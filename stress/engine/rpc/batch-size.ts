import type { Answers } from "./answers.ts";
import { classifyRpcError, isTransient } from "./failure.ts";

/** Most calls of one message: what public nodes take. Those that take less are learned of. */
const MOST_CALLS = 100;

/** So many batches in a row are lost before their size is suspected, or refused before it counts that others were not. */
const STRIKES = 3;

/**
 * How many calls an endpoint takes in one message. Many limit batches, some have none, and each says so in its own way, down
 * to a connection that is just reset: that one looks as if the endpoint had failed.
 */
export class BatchSize {
  #most = MOST_CALLS;
  /** The largest batch that was answered. */
  #answered = 1;
  #strikes = 0;
  #contradictions = 0;

  get most(): number {
    return this.#most;
  }

  /** A message was answered. */
  answered(calls: number): void {
    if (calls === 1) return;
    this.#answered = Math.max(this.#answered, calls);
    this.#strikes = 0;
    this.#contradictions = 0;
  }

  /**
   * A batch was refused: from now on they are at most half as large. Where one of this size was answered before, it must be
   * refused more than once.
   *
   * @returns whether that is news
   */
  refused(calls: number): boolean {
    if (calls <= this.#answered && ++this.#contradictions < STRIKES) return false;
    this.#most = Math.min(this.#most, half(calls));
    this.#answered = Math.min(this.#answered, this.#most);
    return true;
  }

  /**
   * A message was left without an answer.
   *
   * @param kind of its `NoAnswer`
   * @returns whether its size may be the reason: a single call will tell
   */
  lost(calls: number, kind: string): boolean {
    if (calls <= this.#answered || OF_ENDPOINT.has(kind)) return false;
    this.#strikes++;
    // A status that blames the request is no accident.
    return /^4\d\d$/.test(kind) || this.#strikes >= STRIKES;
  }
}

/** Of a batch that was refused. */
export const half = (calls: number): number => Math.max(1, calls >> 1);

/** What says nothing of a message, but of whoever sent it or of the way. */
const OF_ENDPOINT = new Set(
  "401,407,408,429,503,redirect,connection refused,host not found,host unreachable".split(","),
);

/** Why all calls of a batch were left undone together; undefined where they were not. */
export function refusalOf({ silence }: Answers): string | undefined {
  return silence === undefined || isTransient(classifyRpcError(silence)) ? undefined : silence.message;
}
