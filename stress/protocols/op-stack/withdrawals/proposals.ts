import type { SuperRoot } from "./super-root.ts";
import type { Withdrawal } from "./withdrawal.ts";

/** A state of L2 that was proposed to L1, and that a withdrawal can be proved against. */
export interface Proposal {
  /** How the portal's proof names it: an output's index in the oracle, or a game's in its factory. */
  readonly index: bigint;
  /** The L2 block whose state it is. */
  readonly block: number;
  /** What it claims that block's output root to be. */
  readonly root: string;
  /** Address of its game; undefined where it is an output. */
  readonly game: string | undefined;
  /** Type of its game; undefined where it is an output. */
  readonly type: number | undefined;
  /** What its game claims of a set of chains, where it tells that. */
  readonly superRoot?: SuperRoot | undefined;
}

/** Where a withdrawal is on L1. */
export type Standing =
  | { readonly at: "unproven" }
  /** What it was proved against will never be good for it: it has to be proved against something else. */
  | { readonly at: "in vain"; readonly why: string }
  | { readonly at: "proven" }
  | { readonly at: "finalisable" }
  | { readonly at: "finalised" };

/** How a generation of contracts takes proofs, and what it takes them against. All in the state of an L1 block. */
export interface Proposals {
  /** The first proposal that a withdrawal can be proved against now, and that is true; undefined where there is none yet. */
  covering(withdrawal: Withdrawal, l1Block: number): Promise<Proposal | undefined>;
  standing(withdrawal: Withdrawal, submitter: string, l1Block: number): Promise<Standing>;
  /** Seconds from the proof of a withdrawal until it can be finalised, where nobody challenges what was proposed. */
  window(): Promise<number>;
}
