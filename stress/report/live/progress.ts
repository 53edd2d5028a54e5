import type { Run } from "../../engine/run/index.ts";
import { counted, plural } from "../page/words.ts";
import type { LiveSnapshot } from "./snapshot.ts";

type Progress = LiveSnapshot["progress"];

/** How far a phase is, as far as the run's own counts tell. */
export function progressOf(run: Run, phase: LiveSnapshot["phase"], phaseMs: number, now: number): Progress {
  const { census, plan } = run;
  switch (phase) {
    case "funding": {
      // Further lanes of a child's account are funded with it.
      const unfunded = Math.ceil(census.count("unfunded") / plan.inFlight);
      return ofChildren(plan.children - unfunded, plan.children, "funded", phaseMs);
    }
    case "load":
      return ofLoad(run, now);
    case "refund": {
      // Further lanes are done before it begins.
      const further = plan.children * (plan.inFlight - 1);
      return ofChildren(Math.max(0, census.count("done") - further), plan.children, "given back", phaseMs);
    }
    case "checks":
    case "drain":
    case "audit":
      return {};
  }
}

/** The rest takes as long as what is done took. */
function ofChildren(done: number, of: number, what: string, phaseMs: number): Progress {
  const left = done === 0 ? {} : { leftMs: (phaseMs * (of - done)) / done };
  return { part: of === 0 ? 1 : done / of, what: `${counted(done)} ${what}`, ...left };
}

/** A run ends by its time or by its operations, whichever comes first. */
function ofLoad({ plan, loadedAt, dispatched }: Run, now: number): Progress {
  if (loadedAt === undefined) return {};
  const passed = Math.max(0, now - loadedAt);
  const ofTime = Number.isFinite(plan.duration) ? passed / plan.duration : 0;
  const ofOperations = Number.isFinite(plan.operations) ? dispatched / plan.operations : 0;
  if (Math.max(ofTime, ofOperations) === 0) return {};
  if (ofTime >= ofOperations)
    return { part: Math.min(1, ofTime), leftMs: Math.max(0, plan.duration - passed) };
  const part = Math.min(1, ofOperations);
  const what = `${counted(dispatched)} of ${plural(plan.operations, "operation")} begun`;
  return { part, what, leftMs: (passed * (1 - part)) / part };
}
