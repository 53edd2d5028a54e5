import type { Child } from "../child.ts";
import { type Chosen, LATE_MS, type LoadFigures, type LoadModel, type Reins } from "./load-model.ts";
import type { Schedule } from "./schedule.ts";

/** Free children that one start looks at: whoever may do nothing now is asked again at a later start. */
const MOST_ASKED = 32;

/** Starts that are made up for in one go, before anything else has its turn. */
const MOST_IN_A_ROW = 64;

/**
 * The open model: operations start on schedule, however long others take, on whichever child is free. Times count from the start that
 * the schedule had, not from when this process came to it (no coordinated omission).
 */
export class OpenLoad implements LoadModel {
  readonly #reins: Reins;
  readonly #schedule: Schedule;
  /** Who has no operation open, the longest free first. */
  readonly #free: Child[] = [];
  #due = 0;
  #made = 0;
  #late = 0;
  #latest = 0;
  /** When the first start was missed since the last that was made. Unix milliseconds. */
  #missingSince: number | undefined;

  constructor(reins: Reins, schedule: Schedule) {
    this.#reins = reins;
    this.#schedule = schedule;
  }

  get figures(): LoadFigures {
    const [due, made] = [this.#due, this.#made];
    return { model: "open", due, made, missed: due - made, late: this.#late, latest: this.#latest };
  }

  begin(child: Child): void {
    this.#free.push(child);
  }

  loaded(): void {
    this.#reins.keep(this.#generate());
  }

  restsSince(): number | undefined {
    return this.#missingSince;
  }

  async #generate(): Promise<void> {
    const { clock, soft } = this.#reins;
    const began = clock.now();
    for (let start = 0; !soft.aborted; start++) {
      const at = began + this.#schedule.at(start);
      if (at === Number.POSITIVE_INFINITY) return;
      const early = at - clock.now();
      if (early > 0 || start % MOST_IN_A_ROW === 0) await clock.sleep(Math.max(0, early), soft);
      if (!soft.aborted) this.#start(at);
    }
  }

  #start(at: number): void {
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
        this.#reins.keep(this.#perform(child, choice, intended));
        return;
      }
      if (choice.kind === "nothing now") this.#free.push(child);
      else this.#reins.keep(this.#rest(child));
    }
    this.#missingSince ??= now;
  }

  async #perform(child: Child, chosen: Chosen, intended: number): Promise<void> {
    await this.#reins.perform(child, chosen, intended);
    this.#free.push(child);
  }

  async #rest(child: Child): Promise<void> {
    await child.idle(this.#reins.soft);
    this.#free.push(child);
  }
}
