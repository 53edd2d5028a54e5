import type { Chain } from "../../engine/base/index.ts";

/** A transaction on an operation's way, on either chain. */
export interface PathTransaction {
  /** `own`: that of OP_WATCH; `payout` or `settled back`: the arrival of what it sent; else a step's name in the journal. */
  readonly what: string;
  /** Undefined where a journal alone does not say. */
  readonly chain?: Chain | undefined;
  readonly hash: string;
  /** Undefined where it was not mined, or is only known from a journal. */
  readonly block?: number | undefined;
  /** The block's own time, in Unix milliseconds; undefined where it is not known. */
  readonly blockTime?: number | undefined;
  /** When it was seen to be mined: milliseconds since the operation's start. */
  readonly seen?: number | undefined;
  readonly reverted?: boolean;
}

/** An operation's way from its start to its end: all that a person needs who wants to look at it on both chains. */
export interface OperationPath {
  readonly child: number;
  readonly code: string;
  /** The chain it started on, and the one it is on at its end. */
  readonly from: Chain;
  readonly to: Chain;
  /** Unix milliseconds. */
  readonly startedAt: number;
  readonly outcome: "succeeded" | "failed" | "abandoned";
  /** Why it did not succeed, or what it waited for. */
  readonly why?: string | undefined;
  readonly gasUsed: bigint;
  readonly gasEstimated: bigint;
  /** Each phase that it reached, in milliseconds since its start, rising. */
  readonly phases: readonly (readonly [phase: string, since: number])[];
  /** In the order in which they were mined. */
  readonly transactions: readonly PathTransaction[];
}

/** Milliseconds from an operation's start to the last phase that it reached; 0 of one that reached none. */
export const lengthOf = ({ phases }: Pick<OperationPath, "phases">): number => phases.at(-1)?.[1] ?? 0;

/** What a crossing waits for until it reaches a phase. */
const PART_BEFORE: Readonly<Record<string, string>> = {
  submitted: "submit",
  preconfirmed: "preconfirmation",
  receipt: "inclusion",
  provable: "state root",
  proven: "proof",
  finalisable: "window",
  finalised: "relay",
};

/** What an operation's time went into, in order, in milliseconds: together they are its length. */
export function partsOf({ phases, from, to }: Pick<OperationPath, "phases" | "from" | "to">): {
  readonly part: string;
  readonly ms: number;
}[] {
  const isFinalised = phases.some(([phase]) => phase === "finalised");
  const last = from === to ? "confirmation" : isFinalised ? "payout" : "relay and payout";
  let before = 0;
  return phases.map(([phase, since]) => {
    const ms = Math.max(0, since - before);
    before = Math.max(before, since);
    return { part: phase === "finished" ? last : (PART_BEFORE[phase] ?? phase), ms };
  });
}
