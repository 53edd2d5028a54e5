import { exactSeconds, type GeneratorFigures } from "../../base/index.ts";
import { LATE_MS, type StartFigures } from "./load-model.ts";

/** The part of starts that may be late before the load is not the one that was asked for. */
const TOLERATED_LATE = 0.01;

/** An event loop that is busy for more of its time has no room left: what comes unevenly waits for it. */
const MOST_BUSY = 0.9;

/**
 * Why the generator, and not what it loads, set the pace: in words, one for each sign; none where it did not.
 *
 * @param starts what became of the schedule, where there was one
 */
export function bottlenecks(
  { delayP99, busy }: GeneratorFigures,
  starts: Pick<StartFigures, "due" | "late"> | undefined,
): string[] {
  const signs: string[] = [];
  if (delayP99 > LATE_MS)
    signs.push(`one turn of its event loop in a hundred came more than ${exactSeconds(LATE_MS)} late`);
  if (busy > MOST_BUSY) signs.push(`its event loop was busy for ${Math.round(busy * 100)} % of the time`);
  if (starts !== undefined && starts.late > TOLERATED_LATE * starts.due)
    signs.push(`${starts.late} of ${starts.due} starts came more than ${exactSeconds(LATE_MS)} late`);
  return signs;
}
