import type { Clock, GeneratorMeter } from "../../base/index.ts";
import type { Performed } from "../../events.ts";
import type { Child } from "../child.ts";
import type { Choice } from "../dispatcher.ts";
import type { Measured } from "./step-tally.ts";

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

/** What became of the starts that a schedule had. */
export interface StartFigures {
  readonly due: number;
  readonly made: number;
  /** Those that found no child free that could do anything: they were left out, not made up for. */
  readonly missed: number;
  /** Those that this process came to more than {@link LATE_MS} after their time: its own doing, or its machine's. */
  readonly late: number;
  /** How long after its time it came to the latest of all. Milliseconds. */
  readonly latest: number;
}

/** One rate that a search tried, with the evidence of whether it held. */
export interface SearchStep extends Pick<StartFigures, "due" | "missed" | "late"> {
  /** Starts a second that were asked for. */
  readonly rate: number;
  /** How long it was held. Milliseconds. */
  readonly ms: number;
  /** Operations a second, of those that it started, that succeeded. */
  readonly achieved: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly measured: readonly Measured[];
  /** What broke, in words; none where the rate held. */
  readonly broken: readonly string[];
}

/** What became of a load. */
export type LoadFigures =
  /** Each child began its next operation when its last one was over. */
  | { readonly model: "closed" }
  /** Operations began on schedule, on whichever child was free. */
  | ({ readonly model: "open" } & StartFigures)
  /** The same, at one rate after the other, for the highest that held. */
  | ({
      readonly model: "search";
      /** What the load had to hold, as it was written. */
      readonly limits: readonly string[];
      readonly steps: readonly SearchStep[];
      /** The highest rate that held, in starts a second; undefined where none did. */
      readonly highest: number | undefined;
      /** Whether it came to its end: what is above the highest rate broke. */
      readonly isThrough: boolean;
    } & StartFigures);

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
  perform(child: Child, chosen: Chosen, intendedAt?: number): Promise<Performed>;
  /** Has the run wait for it at its end; what it throws ends the run. */
  keep(life: Promise<void>): void;
  /** Measures the process. */
  readonly meter: GeneratorMeter;
  /** Ends the run: its load has nothing to do any more. */
  finish(): void;
}
