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
  /**
   * Since when nothing began that could have: undefined where nothing was missing, as where no start was due.
   *
   * @param dispatchedAt when the last operation began. Unix milliseconds, as what is returned
   */
  restsSince(dispatchedAt: number): number | undefined;
}

/** A start that is later than this is late. Milliseconds: what timers and the collection of garbage take is far below. */
export const LATE_MS = 100;

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
      /** Those that this process came to more than {@link LATE_MS} after their time: its own doing, or its machine's. */
      readonly late: number;
      /** How long after its time it came to the latest of all. Milliseconds. */
      readonly latest: number;
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
