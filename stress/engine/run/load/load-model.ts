import type { Clock } from "../../base/index.ts";
import type { Child } from "../child.ts";
import type { Choice } from "../dispatcher.ts";

/** An operation that was chosen for a child. */
export type Chosen = Choice & { readonly kind: "operation" };

/** Decides when children begin their operations; the dispatcher decides which. */
export interface LoadModel {
  /** A child has its money. */
  begin(child: Child): void;
  /** All children have theirs: time counts from now. */
  loaded(): void;
  readonly figures: LoadFigures;
}

/** What became of a load. */
export type LoadFigures =
  /** Each child began its next operation when its last one was over. */
  | { readonly model: "closed" }
  /** Operations began on schedule, on whichever child was free. */
  | {
      readonly model: "open";
      /** Starts that the schedule had. */
      readonly due: number;
      readonly made: number;
      /** Those that found no child free that could do anything: they were left out, not made up for. */
      readonly missed: number;
    };

/** What a load model drives children with. */
export interface Reins {
  readonly clock: Clock;
  /** No operation begins after it. */
  readonly soft: AbortSignal;
  choose(child: Child): Choice;
  /**
   * Performs what was chosen.
   *
   * @param intendedAt when it was to begin, from which its times count; now, where nothing is said. Unix milliseconds
   */
  perform(child: Child, chosen: Chosen, intendedAt?: number): Promise<void>;
  /** Has the run wait for it at its end; what it throws ends the run. */
  keep(life: Promise<void>): void;
}
