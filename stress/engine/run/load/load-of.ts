import type { RunPlan } from "../plan.ts";
import { ClosedLoad } from "./closed.ts";
import type { LoadModel, Reins } from "./load-model.ts";
import { OpenLoad } from "./open.ts";
import { Schedule } from "./schedule.ts";
import { SearchLoad } from "./search.ts";

/** The load model that a plan asks for. */
export function loadOf(
  { rate, search, dispatchInterval }: Pick<RunPlan, "rate" | "search" | "dispatchInterval">,
  reins: Reins,
): LoadModel {
  if (search !== undefined) return new SearchLoad(reins, search);
  return rate === undefined
    ? new ClosedLoad(reins, dispatchInterval)
    : new OpenLoad(reins, new Schedule(rate));
}
