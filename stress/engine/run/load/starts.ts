import type { Performed } from "../../events.ts";
import type { Child } from "../child.ts";
import { type Chosen, LATE_MS, type Reins, type StartFigures } from "./load-model.ts";
import type { Schedule } from "./schedule.ts";

/** Free children that one start looks at: whoever may do nothing now is asked again at a later start. */
const MOST_ASKED = 32;

/** Starts that are made up for in one go, before anything else has its turn. */
const MOST_IN_A_ROW = 64;

/** Who is told of the starts of a schedule. */
export interface Told {
  /** Whether there is to be a further start, so long after the first. Milliseconds. */
  goesOn(since: number): boolean;
  started(code: string): void;
  done(performed: Performed): void;
}

/**
 * Starts operations on schedule, however long others take, on whichever child is free. Times count from the start that the schedule had,
 * not from when this process came to it (no coordinated omission).
 */
export class Starts {
  readonly #reins: Reins;
  /** Who has no operation open, the longest free first. */
  readonly #free: Child[] = [];
  #due = 0;
  #made = 0;
  #late = 0;
  #latest = 0;
  #missingSince: number | undefined;

  constructor(reins: Reins) {
    this.#reins = reins;
  }

  get figures(): StartFigures {
    const [due, made] = [this.#due, this.#made];
    return { due, made, missed: due - made, late: this.#late, latest: this.#latest };
  }

  /** When the first start was missed since the last that was made. Unix milliseconds. */
  get missingSince(): number | undefined {
    return this.#missingSince;
  }

  /** A child has no operation open. */
  free(child: Child): void {
    this.#free.push(child);
  }

  /**
   * Makes the starts of a schedule, from now on, until there is to be none any more, or the run stops.
   *
   * @returns how long after the first one the one would have come that was not to be. Milliseconds
   */
  async make(schedule: Schedule, told?: Told): Promise<number> {
    const { clock, soft } = this.#reins;
    const began = clock.now();
    for (let start = 0; ; start++) {
      const since = schedule.at(start);
      if (since === Number.POSITIVE_INFINITY || told?.goesOn(since) === false) return since;
      const early = began + since - clock.now();
      if (early > 0 || start % MOST_IN_A_ROW === 0) await clock.sleep(Math.max(0, early), soft);
      if (soft.aborted) return since;
      this.#start(began + since, told);
    }
  }

  #start(at: number, told: Told | undefined): void {
    this.#due++;
    const now = this.#reins.clock.now();
    this.#latest = Math.max(this.#latest, now - at);
    if (now - at > LATE_MS) this.#late++;
    // In the clock's whole milliseconds, and never ahead of it: a timer may be a little early.
    const intended = Math.min(Math.floor(at), now);
    for (let left = Math.min(MOST_ASKED, this.#free.length); left > 0; left--) {
      const child = this.#free.shift();
      if (child === undefined) break;
      const choice = this.#reins.choose(child);
      if (choice.kind === "operation") {
        this.#made++;
        this.#missingSince = undefined;
        told?.started(choice.operation.code);
        this.#reins.keep(this.#perform(child, choice, { intended, told }));
        return;
      }
      if (choice.kind === "nothing now") this.#free.push(child);
      else this.#reins.keep(this.#rest(child));
    }
    this.#missingSince ??= now;
  }

  async #perform(
    child: Child,
    chosen: Chosen,
    { intended, told }: { readonly intended: number; readonly told: Told | undefined },
  ): Promise<void> {
    const performed = await this.#reins.perform(child, chosen, intended);
    this.#free.push(child);
    told?.done(performed);
  }

  async #rest(child: Child): Promise<void> {
    await child.idle(this.#reins.soft);
    this.#free.push(child);
  }
}
