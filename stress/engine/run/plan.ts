import type { Chain } from "../base/index.ts";
import type { Proofs } from "../audit/index.ts";
import type { Performed } from "../events.ts";
import type { Operation } from "../../protocols/operation.ts";
import type { Shares } from "./dispatcher.ts";

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
  /** What children can do, in the order in which they are rolled for. */
  readonly choices: readonly Operation[];
  /** The chain that a child starts on. */
  readonly startChainOf: (child: number) => Chain;
  readonly shares: Shares;
  /** Time under full load; Infinity: until something else ends the run. */
  readonly duration: number;
  /** Operations after which the run ends. */
  readonly operations: number;
  readonly dispatchInterval: number;
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

/** A child whose operations a scenario picks itself. */
export interface DrivenChild {
  readonly number: number;
  readonly address: string;
  readonly on: Chain;
  /** @throws {Error} where the operation refuses */
  perform(code: string): Promise<Performed>;
}
