import type { Chain } from "../base/index.ts";
import type { Proofs } from "../audit/index.ts";
import type { Performed } from "../events.ts";
import type { Operation, Wanted } from "../../protocols/operation.ts";
import type { Shares } from "./dispatcher.ts";
import type { RateStage } from "./load/schedule.ts";
import type { SearchPlan } from "./load/search.ts";

/** When a run has gone wrong. Times in milliseconds. */
export interface RunLimits {
  /** One more failed operation ends the run. */
  readonly toleratedFailures: number;
  /** Operations that take longer are named in a warning; payouts that do are late. */
  readonly slowAfter: number;
  /** An operation that takes longer ends the run. */
  readonly stuckAfter: number;
  /** An ending run waits no longer for its operations. */
  readonly giveUpAfter: number;
}

/** What a scenario wants. Amounts in wei, times in milliseconds. */
export interface RunPlan {
  readonly scenario: string;
  readonly seed: number;
  readonly children: number;
  /** Operations that each child may have under way at once. */
  readonly inFlight: number;
  /** What children can do, in the order in which they are rolled for. */
  readonly choices: readonly Operation[];
  /** The chain that a child starts on. */
  readonly startChainOf: (child: number) => Chain;
  readonly shares: Shares;
  /** Time under full load; Infinity: until something else ends the run. */
  readonly duration: number;
  /** Operations after which the run ends. */
  readonly operations: number;
  /** Of the closed load model: time that passes at least between two operations. */
  readonly dispatchInterval: number;
  /** How many operations start a second (the open load model), whatever becomes of others; undefined: the closed one. */
  readonly rate?: readonly RateStage[] | undefined;
  /** Has the rate raised for the highest that holds, in place of all other load models. */
  readonly search?: SearchPlan | undefined;
  readonly minimumBalance: bigint;
  readonly limits: RunLimits;
  /** Takes the dispatcher's place: performs operations in its own order. The run ends when it is through, or by its limits. */
  readonly drive?: ((children: readonly DrivenChild[], tools: DriveTools) => Promise<void>) | undefined;
}

/** What a scenario that picks its operations itself can ask for at any time. */
export interface DriveTools {
  /**
   * Aborted as soon as the run is to end: its `duration` is over, its test timed out, Ctrl-C. No operation can be begun from
   * then on, and whatever else is awaited should end with it: the refunds wait for a `drive` that does not return no longer
   * than 10 s, and after a second Ctrl-C not at all.
   */
  readonly signal: AbortSignal;
  /** Compares the books with both chains as they are now, and audits every crossing so far. */
  prove(): Promise<Proofs>;
  /**
   * What a crossing that was paid was due to bring, by the bridge's own terms in the state of the chain before it: smallest
   * units. Undefined where the operation does not cross, or was not paid.
   */
  dueOf(performed: Performed): Promise<bigint | undefined>;
}

/** A child whose operations a scenario picks itself. One operation of a child's goes on at a time. */
export interface DrivenChild {
  /** Its number in this run, from 0. */
  readonly number: number;
  readonly address: string;
  /** The chain it is on: operations start there, and a crossing leads to the other one. */
  readonly on: Chain;
  /** Wei in its own hands on a chain, by the books. */
  balance(chain: Chain): bigint;
  /**
   * Why it cannot perform an operation now, in words; undefined where it can: `while (child.ready("FX") !== undefined) …`.
   *
   * @param code two letters, such as `PY`, `FX`, `SO`: the README lists them
   * @param wanted what is asked of it beside
   * @throws {Error} where there is no such operation
   */
  ready(code: string, wanted?: Wanted): string | undefined;
  /**
   * Performs one operation, to its payout on the other chain where it crosses.
   *
   * @param code two letters, such as `PY`, `FX`, `SO`: the README lists them
   * @param wanted `{ amount: parseEther("0.1") }`: wei (or smallest units of a token) that it is to move, in place of what it would choose itself
   * @returns how it went; one that failed on a chain does not throw: see its `outcome`
   * @throws {Error} where it cannot, with what `ready` says; once the run stops
   */
  perform(code: string, wanted?: Wanted): Promise<Performed>;
}
