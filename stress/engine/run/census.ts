import type { Chain } from "../base/index.ts";
import type { Child, ChildPhase, OpenOperation } from "./child.ts";

/** An operation under way. */
export interface UnderWay {
  readonly child: Child;
  readonly open: OpenOperation;
  /** Milliseconds since its start. */
  readonly age: number;
}

/** The chain that a child is on, or goes to; undefined where it is done. */
const stayOf = ({ on, phase }: Child): Chain | undefined => {
  if (phase.at === "done") return undefined;
  // One that is about to submit its crossing is still where it was, and counts as gone.
  return phase.at === "busy" ? phase.open.to : on;
};

/** What the children of a run are at, counted as they change: whoever asks goes through none of them. */
export class Census {
  readonly #phases = new Map<ChildPhase["at"], number>();
  readonly #stays: Record<Chain, number> = { 1: 0, 2: 0 };
  /** In the order in which their operations began. */
  readonly #busy = new Set<Child>();

  /** How many children are in a phase. */
  count(phase: ChildPhase["at"]): number {
    return this.#phases.get(phase) ?? 0;
  }

  /** How many children are on a chain, or go there, and are not done. */
  staying(chain: Chain): number {
    return this.#stays[chain];
  }

  /** Operations under way, oldest first. @param now Unix milliseconds */
  *underWay(now: number): Generator<UnderWay> {
    for (const child of this.#busy) {
      const { phase } = child;
      if (phase.at === "busy") yield { child, open: phase.open, age: now - phase.open.startedAt };
    }
  }

  /** A child is there from now on, or is what it has become. */
  add(child: Child): void {
    this.#count(child, 1);
    // One that only moved keeps its place.
    if (child.phase.at === "busy") this.#busy.add(child);
    else this.#busy.delete(child);
  }

  /** To be told before it becomes anything else. */
  remove(child: Child): void {
    this.#count(child, -1);
  }

  #count(child: Child, by: 1 | -1): void {
    this.#phases.set(child.phase.at, this.count(child.phase.at) + by);
    const stay = stayOf(child);
    if (stay !== undefined) this.#stays[stay] += by;
  }
}
