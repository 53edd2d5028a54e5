import type { Child } from "../child.ts";
import { Pacer } from "../pacer.ts";
import type { LoadModel, Reins } from "./load-model.ts";

/** How long a child waits that may do nothing at this moment. Milliseconds. */
const NOTHING_NOW_MS = 250;

/**
 * The closed model: each child begins its next operation when its last one is over. None begins before all have their money: thousands that
 * are at work already would keep the funder's transactions waiting, and the rest from beginning at all.
 */
export class ClosedLoad implements LoadModel {
  readonly figures = { model: "closed" } as const;
  readonly #reins: Reins;
  readonly #pacer: Pacer;
  readonly #ready: Child[] = [];

  /** @param intervalMs that passes at least between two operations of whichever children */
  constructor(reins: Reins, intervalMs: number) {
    this.#reins = reins;
    this.#pacer = new Pacer(reins.clock, intervalMs);
  }

  begin(child: Child): void {
    this.#ready.push(child);
  }

  loaded(): void {
    for (const child of this.#ready.splice(0)) this.#reins.keep(this.#live(child));
  }

  restsSince(dispatchedAt: number): number {
    return dispatchedAt;
  }

  async #live(child: Child): Promise<void> {
    const { soft, clock } = this.#reins;
    while (!soft.aborted) {
      await this.#pacer.slot(soft);
      if (soft.aborted) return;
      const choice = this.#reins.choose(child);
      if (choice.kind === "operation") await this.#reins.perform(child, choice);
      else if (choice.kind === "too poor") await child.idle(soft);
      else await clock.sleep(NOTHING_NOW_MS, soft);
    }
  }
}
