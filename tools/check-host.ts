import type { TestProject } from "vitest/node";
import { refuseRetries } from "../fixtures/worker/refuse-retries.ts";
import { StressError } from "../stress/engine/base/index.ts";

/** What a spec's host is asked for: that it neither kills a scenario in mid-operation nor makes a failed one green. */
type Host = Pick<TestProject, "config"> & { readonly vitest: Pick<TestProject["vitest"], "config"> };

/**
 * Refuses what vitest can do with tests, but must not do with scenarios.
 *
 * @throws {StressError} SETTING_INVALID
 */
export function checkHost({ config, vitest }: Host): void {
  if (vitest.config.watch)
    throw new StressError(
      "SETTING_INVALID",
      "stress specs are not watched: with Ctrl-C, q or a changed file vitest kills a scenario at once, with its money out",
      "start it with run (npx vitest run stress); npx vitest --project unit watches the project's own tests",
    );
  refuseRetries(config.retry, "leave --retry out");
}
