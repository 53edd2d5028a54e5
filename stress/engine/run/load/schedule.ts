/** A part of a schedule: starts a second, from one rate evenly to another. */
export interface RateStage {
  /** Starts a second at its beginning and at its end, 0 or more. */
  readonly from: number;
  readonly to: number;
  /** How long it lasts. Milliseconds. */
  readonly ms: number;
}

/** When operations are to start: as many as the rate has it, evenly. After its last stage the last rate holds. */
export class Schedule {
  readonly #stages: readonly RateStage[];

  /** @param stages one at least, one after the other */
  constructor(stages: readonly RateStage[]) {
    this.#stages = stages;
  }

  /**
   * When the start of a number is due, in milliseconds since the first stage began: the time at which the rate's integral reaches
   * that number. Infinity where it never does.
   *
   * @param start from 0
   */
  at(start: number): number {
    let left = start;
    let since = 0;
    for (const stage of this.#stages) {
      const starts = startsOf(stage);
      if (left < starts) return since + timeOf(stage, left);
      left -= starts;
      since += stage.ms;
    }
    const rate = this.#stages.at(-1)?.to ?? 0;
    return rate === 0 ? Number.POSITIVE_INFINITY : since + (left / rate) * 1000;
  }
}

const startsOf = ({ from, to, ms }: RateStage): number =>
  from + to === 0 ? 0 : ((from + to) / 2) * (ms / 1000);

/**
 * Milliseconds into a stage at which its integral `from·t + (to − from)·t²/(2·ms)` is so great. The form of the quadratic's root that
 * holds for a level stage, too.
 */
function timeOf({ from, to, ms }: RateStage, starts: number): number {
  if (starts === 0) return 0;
  const slope = Number.isFinite(ms) ? (to - from) / (ms / 1000) : 0;
  return (2000 * starts) / (from + Math.sqrt(Math.max(0, from * from + 2 * slope * starts)));
}
