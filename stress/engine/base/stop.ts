/** 0 running, 1 clean shutdown, 2 do not wait, 3 kill. */
export type StopLevel = 0 | 1 | 2 | 3;

/** Why a run ended. */
export type EndReason =
  | { readonly kind: "duration" }
  | { readonly kind: "operations" }
  | { readonly kind: "finished" }
  | { readonly kind: "all idle" }
  /** Its test ended before it: a time limit of vitest's, or nobody awaited it. */
  | { readonly kind: "test over"; readonly why: string }
  | { readonly kind: "signal"; readonly signal: string }
  | { readonly kind: "failures"; readonly count: number; readonly tolerated: number }
  | { readonly kind: "error"; readonly message: string }
  | { readonly kind: "endpoint"; readonly chain: number; readonly endpoint: string; readonly seconds: number }
  | { readonly kind: "other chain"; readonly chain: number; readonly endpoint: string }
  | { readonly kind: "stuck"; readonly child: number; readonly code: string; readonly seconds: number };

/** A stop's way from 0 upwards: it never goes back. The first reason stays, unless something goes wrong afterwards. */
export class Stop {
  #level: StopLevel = 0;
  #reason: EndReason | undefined;
  readonly #soft = new AbortController();
  readonly #hard = new AbortController();

  get level(): StopLevel {
    return this.#level;
  }

  get reason(): EndReason | undefined {
    return this.#reason;
  }

  /** Aborted from level 1 on: nothing new is begun. */
  get soft(): AbortSignal {
    return this.#soft.signal;
  }

  /** Aborted from level 2 on: nothing is waited for any more. */
  get hard(): AbortSignal {
    return this.#hard.signal;
  }

  /** Raises the level; a lower or equal one changes nothing. */
  raise(level: StopLevel, reason: EndReason): void {
    if (level === 0) return;
    // What goes wrong while a run that is over finishes its operations is the reason that counts.
    if (this.#reason === undefined || (isBad(reason) && !isBad(this.#reason))) this.#reason = reason;
    if (level <= this.#level) return;
    this.#level = level;
    if (level >= 1) this.#soft.abort();
    if (level >= 2) this.#hard.abort();
  }

  /**
   * Takes over the levels of another stop, now and later: a signal to the process stops the run.
   *
   * @param until ends that
   */
  follow(other: Stop, reason: () => EndReason, until?: AbortSignal): void {
    const options = until === undefined ? { once: true } : { once: true, signal: until };
    const levels: [AbortSignal, StopLevel][] = [
      [other.soft, 1],
      [other.hard, 2],
    ];
    for (const [signal, level] of levels) {
      if (signal.aborted) this.raise(level, reason());
      else signal.addEventListener("abort", () => this.raise(level, reason()), options);
    }
  }
}

const BAD = ["failures", "error", "endpoint", "other chain", "stuck"];

/** Whether a run that ended for this reason did not hold. */
export const isBad = ({ kind }: EndReason): boolean => BAD.includes(kind);

/** A reason in words. */
export function describeEnd(reason: EndReason): string {
  switch (reason.kind) {
    case "duration":
      return "its time is over";
    case "operations":
      return "it has done its operations";
    case "finished":
      return "the scenario is through";
    case "all idle":
      return "every child is below the minimum balance on both chains";
    case "test over":
      return `its test is over: ${reason.why}`;
    case "signal":
      return `stopped by ${reason.signal}`;
    case "failures":
      return `${reason.count} operations failed, ${reason.tolerated} tolerated`;
    case "error":
      return `an error: ${reason.message}`;
    case "endpoint":
      return `${reason.endpoint} (chain ${reason.chain}) has not answered for ${reason.seconds} s`;
    case "other chain":
      return `another chain is at ${reason.endpoint} (chain ${reason.chain}) than when it began: it was started anew`;
    case "stuck":
      return `${reason.code} of child ${reason.child} is stuck for ${reason.seconds} s`;
  }
}
