import { logPaths } from "../fixtures/run/logs.ts";
import type { RunOptions } from "../fixtures/run/options.ts";
import { findAccounts } from "../fixtures/recovery/find-accounts.ts";
import { openCrossings } from "../fixtures/recovery/in-flight.ts";
import { originsOf } from "../fixtures/recovery/origins.ts";
import { recover } from "../fixtures/recovery/recover.ts";
import { unwatchedCrossings } from "../fixtures/recovery/unwatched.ts";
import { targetOfRun } from "../fixtures/shard/shard.ts";
import type { OpenStack } from "../fixtures/stack/stack.ts";
import { protocolOfTarget } from "../fixtures/target/protocol.ts";
import { reasonOf } from "../stress/engine/base/index.ts";
import { OpLog } from "../stress/journal/op-log.ts";

/** How long crossings of a dead worker are waited for. Milliseconds. */
const ORPHANS_WAIT_MS = 30_000;

/** What a dead worker left goes back to the funder, as far as that is possible now. */
export async function sweepAccounts(
  options: RunOptions,
  stack: OpenStack,
  say: (line: string) => void,
): Promise<void> {
  try {
    const target = targetOfRun(options);
    const paths = logPaths();
    const opLog = new OpLog(paths.opLog, { isNeeded: false });
    const { accounts } = await findAccounts(target, paths, [], say);
    const originOf = originsOf(protocolOfTarget(target));
    const crossings = await openCrossings(paths.opLog, originOf);
    const unwatched = await unwatchedCrossings(paths.opLog, originOf);
    const { inFlight } = await recover(target, stack, {
      accounts,
      crossings,
      unwatched,
      opLog,
      waitMs: ORPHANS_WAIT_MS,
      say,
    });
    opLog.closed(Date.now(), false);
    opLog.close();
    say(`swept ${accounts.length} accounts; ${inFlight.length} crossings are still in flight`);
  } catch (error) {
    say(`could not sweep: ${reasonOf(error)}. Run: npm run recover -- --target ${options.target}`);
  }
}
