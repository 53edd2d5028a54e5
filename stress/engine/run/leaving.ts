import { Abandoned, type Clock, describeEnd, seconds, type Stop, StressError } from "../base/index.ts";

/** How long a scenario's own driving may go on when the run is over and no operation is open any more. Milliseconds. */
const LEAVES_WITHIN_MS = 10_000;

/** Waits until a scenario's own driving returns, for so long only, and not at all from stop level 2 on. */
export async function waitToLeave(driving: Promise<void>, { hard }: Stop, clock: Clock): Promise<void> {
  await Promise.race([driving, clock.sleep(LEAVES_WITHIN_MS, hard)]);
}

/** What is told of one that did not: its checks were not made, and a run that says so must not pass. */
export function driveStays({ reason = { kind: "finished" } }: Stop): StressError {
  return new StressError(
    "DRIVE_OPEN",
    `the scenario's drive did not return within ${seconds(LEAVES_WITHIN_MS)} of the run's end (${describeEnd(reason)}), ` +
      "and what it had still to check was not checked; everything was given back without it",
    "let it return when its signal is aborted: drive: async (children, { signal }) => …",
  );
}

/** Whether something was thrown because the run stops: a wait that ended so, be it the engine's or a scenario's own. */
export function isCutShort(error: unknown, { soft }: Stop): boolean {
  if (error instanceof Abandoned) return true;
  return soft.aborted && (error === soft.reason || (error instanceof Error && error.name === "AbortError"));
}
