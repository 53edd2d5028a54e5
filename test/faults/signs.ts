import type { Handlers } from "../../stress/engine/base/index.ts";
import type { EngineEvent } from "../../stress/engine/events.ts";

/**
 * What tells, of all that happens in a run, that it noticed a fault: a test's load goes on until then. How long that takes is
 * the machine's affair.
 */
export type Sign = (noticed: () => void) => Handlers<EngineEvent>;

/** So many operations are done: what a fault of single messages did not hit is seen to go well. */
export const enoughDone =
  (count = 30): Sign =>
  (noticed) => {
    let done = 0;
    return { "operation done": () => void (++done >= count && noticed()) };
  };

/** So many operations of a kind have succeeded. */
export const succeeded =
  (code: string, count: number): Sign =>
  (noticed) => {
    let done = 0;
    return {
      "operation done": ({ performed }) => {
        if (performed.code === code && performed.outcome.kind === "succeeded" && ++done >= count) noticed();
      },
    };
  };

export const failed: Sign = (noticed) => ({
  "operation done": ({ performed }) => void (performed.outcome.kind === "failed" && noticed()),
});

export const replaced: Sign = (noticed) => ({ resent: ({ how }) => void (how === "replaced" && noticed()) });

export const reorganised: Sign = (noticed) => ({ reorganisation: noticed });

export const takenBack: Sign = (noticed) => ({ "taken back": noticed });

export const outage: Sign = (noticed) => ({ outage: noticed });

/** An operation's transaction was mined so many milliseconds ago, and it is not done. */
export const overdue =
  (ms: number): Sign =>
  (noticed) => {
    const waiting = new Map<number, NodeJS.Timeout>();
    return {
      "operation mined": ({ operation }) => void waiting.set(operation, setTimeout(noticed, ms)),
      "operation done": ({ operation }) => clearTimeout(waiting.get(operation)),
    };
  };

/** So many reorganisations of each chain, and transactions of L2 that were sent again. */
export const reorganisedOften =
  (count: number): Sign =>
  (noticed) => {
    const seen = { 1: 0, 2: 0 };
    let isSentAgain = false;
    const look = (): void => {
      if (isSentAgain && seen[1] >= count && seen[2] >= count) noticed();
    };
    return {
      reorganisation: ({ chain }) => {
        seen[chain]++;
        look();
      },
      resent: ({ transaction, how }) => {
        isSentAgain ||= transaction.chain === 2 && how === "rebroadcast";
        look();
      },
    };
  };
