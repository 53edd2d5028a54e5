import type { Chain, Draws } from "../engine/base/index.ts";
import type { Move } from "../engine/ledger/index.ts";
import type { Payout } from "../engine/chain/index.ts";
import type { Receipt, SeenTransaction, TxHash } from "../engine/rpc/index.ts";
import type { StepNote, TransactionPlan } from "../engine/transactions/index.ts";

/** A child as an operation sees it. */
export interface ChildView {
  readonly number: number;
  readonly address: string;
  /** The chain it is on. */
  readonly on: Chain;
  /** Wei in its own hands. */
  balance(chain: Chain): bigint;
  /** What it has of an asset, in smallest units. */
  amount(chain: Chain, asset: string): bigint;
}

/** The run around a child as an operation sees it. Amounts in wei. */
export interface RunView<B = unknown> {
  /** The bridge between the run's chains. */
  readonly bridge: B;
  readonly funder: string;
  /** Addresses of all children, by number. */
  readonly children: readonly string[];
  readonly minimumBalance: bigint;
  /** Most that a transaction with this much gas can cost. */
  feeBound(chain: Chain, gas: bigint): bigint;
  /** Whether a child may leave L2: one in five must stay. */
  mayLeaveL2(): boolean;
}

/** Money that a transaction sends to the other chain. */
export interface Crossing {
  /** Which of the bridge's ways it takes: payouts have the same word. */
  readonly way: string;
  readonly asset: string;
  /** Smallest units of the asset. */
  readonly amount: bigint;
  /** Milliseconds that it takes at least, by the bridge's own rules: before them it is neither late nor lost. Default: none. */
  readonly takes?: number;
}

/** How a crossing ended. Amounts in smallest units of its asset. */
export type CrossingEnd =
  | {
      /** Settled back: the money is where it started, as it could not be paid where it was to go. */
      readonly kind: "paid" | "settled back";
      readonly chain: Chain;
      readonly hash: TxHash;
      readonly to: string;
      readonly amount: bigint;
      readonly payout: Payout;
    }
  /** The message arrived, or could never arrive, without a payout. */
  | { readonly kind: "lost"; readonly reason: string };

/** One transaction of an operation. It ends in its receipt, or in the arrival of what it sends to the other chain. */
export interface SendStep {
  readonly kind: "send";
  readonly chain: Chain;
  readonly plan: TransactionPlan;
  /** In words, for who reads why it failed. */
  readonly what?: string;
  /**
   * How the journal tells of it, in a comment; undefined: it is the operation's own transaction, that of OP_WATCH, whose gas
   * is in OP_DONE_. Just one step of an operation is.
   */
  readonly note?: StepNote;
  /** What it sends to the other chain; undefined: nothing, and its receipt is all there is to wait for. */
  readonly crossing?: Crossing;
  /** Whether other steps come before what it sends can arrive: then the step ends in its receipt, and an arrival step waits. */
  readonly arrivesLater?: boolean;
  /** In one word, the phase that the operation has reached once it succeeded: reports tell how long that took. */
  readonly reaches?: string;
  /** Whether the operation goes on where this step reverts or is refused: it is told so. By default it ends there. */
  readonly mayFail?: boolean;
}

/** Something that has to be so before the next step can be taken. */
export interface WaitStep {
  readonly kind: "wait";
  readonly chain: Chain;
  /** In one word, for who asks what an operation waits for. */
  readonly what: string;
  /** In one word, the phase that the operation has reached once it is so: reports tell how long that took. */
  readonly reaches?: string;
  /** What the journal is told, in a comment, before it is waited for. */
  readonly note?: StepNote;
  /** Whether it is so in the state of this block. Asked once for each new block of the chain. */
  isMet(block: number): Promise<boolean>;
}

/** The payout of what an earlier step sent to the other chain, where that step did not wait for it (`arrivesLater`). */
export interface ArrivalStep {
  readonly kind: "arrival";
}

export type Step = SendStep | WaitStep | ArrivalStep;

/** What became of a step. One that failed ends its operation: the steps behind it are not asked for. */
export type StepEnd =
  | {
      readonly kind: "mined";
      readonly receipt: Receipt;
      /** The receipt as the chain has it by now: a reorganisation may have given it another, or have taken it back. */
      latest(): Receipt | undefined;
    }
  /** It reverted, or was refused, and may (`mayFail`). */
  | { readonly kind: "failed"; readonly reason: string }
  | { readonly kind: "arrived"; readonly receipt: Receipt; readonly crossing: CrossingEnd }
  | { readonly kind: "met"; readonly block: number };

/**
 * An operation as the steps it consists of: each is yielded and answered with what became of it. Where one fails, or the
 * run stops, the generator is ended: what it set aside is released in its `finally`.
 */
export type Steps = AsyncGenerator<Step, void, StepEnd>;

/** What a scenario may ask of an operation beside that it happens. */
export interface Wanted {
  /** Smallest units that it is to move: wei, unless it moves tokens. Where nothing is said, what the operation itself chooses. */
  readonly amount?: bigint | undefined;
}

/** What children can do. */
export interface Operation<B = unknown> {
  /** Two letters, as in `logs/op.log`. */
  readonly code: string;
  readonly name: string;
  /** The chain it starts on. */
  readonly from: Chain | "either";
  /** The chain that it leads to; undefined: it stays where it started. */
  readonly to?: Chain;
  /** Percent of a child's choices where a target names no shares; the rest is what is left over. */
  readonly share: number | "rest";
  /** Whether a child may have several of it under way at once (`--in-flight`). Default: it may not. */
  readonly mayOverlap?: boolean;
  /** Code of the operation that takes its place where it cannot run now. */
  readonly fallback?: string;
  /** Whether the child is in the state for it at all; where it is not, it is not rolled for. Default: it is. */
  applies?(child: ChildView): boolean;
  /** Whether a scenario may say how much it moves. Default: it may not. */
  readonly takesAmount?: boolean;
  /** The reason it cannot run now, or undefined where it can. */
  ready(child: ChildView, run: RunView<B>, wanted?: Wanted): string | undefined;
  /** What it does, in its order. What is set aside at the start is so before anything else is decided. */
  steps(child: ChildView, run: RunView<B>, draws: Draws, wanted?: Wanted): Steps;
  /**
   * Reads from a mined transaction what it moved, where it is one that this operation sends and that is no mere payment of
   * its value: with it a recovery writes the books anew from the chains alone.
   */
  movesOf?(call: SeenTransaction, chain: Chain, bridge: B): readonly Move[] | undefined;
}

/** Declares an operation; the compiler checks that it is whole. */
export const defineOperation = <B>(operation: Operation<B>): Operation<B> => operation;

/** Whether the operation leads to the other chain. */
export const isCrossing = <O extends Operation>(operation: O): operation is O & { from: Chain; to: Chain } =>
  operation.to !== undefined;

/** The steps of what is one transaction and no more. */
export async function* oneStep(step: Omit<SendStep, "kind">): Steps {
  yield { kind: "send", ...step };
}
