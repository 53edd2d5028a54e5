import type { Child } from "../child.ts";
import type { LoadFigures, LoadModel, Reins } from "./load-model.ts";
import type { Schedule } from "./schedule.ts";
import { Starts } from "./starts.ts";

/** The open model: operations start on one schedule from the beginning to the end. */
export class OpenLoad implements LoadModel {
  readonly #reins: Reins;
  readonly #schedule: Schedule;
  readonly #starts: Starts;

  constructor(reins: Reins, schedule: Schedule) {
    this.#reins = reins;
    this.#schedule = schedule;
    this.#starts = new Starts(reins);
  }

  get figures(): LoadFigures {
    return { model: "open", ...this.#starts.figures };
  }

  begin(child: Child): void {
    this.#starts.free(child);
  }

  loaded(): void {
    this.#reins.keep(this.#starts.make(this.#schedule).then(() => undefined));
  }

  restsSince(): number | undefined {
    return this.#starts.missingSince;
  }
}
