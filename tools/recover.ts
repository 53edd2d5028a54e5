// `npm run recover -- --target <name>`: brings back what runs left in the accounts of logs/accounts-<name>.log, and in those
// that derive from the seeds of logs/op.log.
import "./loopback.mjs";
import { logPaths } from "../fixtures/run/logs.ts";
import { chainIdentities } from "../fixtures/stack/chain-identity.ts";
import { lockTarget } from "../fixtures/stack/lock.ts";
import { findAccounts } from "../fixtures/recovery/find-accounts.ts";
import { openCrossings } from "../fixtures/recovery/in-flight.ts";
import { justClosedCrossings } from "../fixtures/recovery/just-closed.ts";
import { originsOf } from "../fixtures/recovery/origins.ts";
import { unwatchedCrossings } from "../fixtures/recovery/unwatched.ts";
import { targetOfShard } from "../fixtures/shard/shard.ts";
import { sweepShard } from "../fixtures/shard/sweep-shard.ts";
import { protocolOfTarget } from "../fixtures/target/protocol.ts";
import { type RecoveredAccount, type Recovery, recover } from "../fixtures/recovery/recover.ts";
import { verdictOf } from "../fixtures/recovery/verdict.ts";
import { runningStack } from "../fixtures/stack/stack.ts";
import { CHAINS, exactEther, presentable, StressError } from "../stress/engine/base/index.ts";
import { booksTable, differencesReport } from "../stress/report/books-table.ts";
import { table } from "../stress/report/table.ts";
import { OpLog } from "../stress/journal/op-log.ts";
import { loadTarget } from "../targets/load.ts";
import { fillFromKeystore } from "./keystore-variables.ts";
import { VERBS } from "./options.mjs";
import { ownOptions } from "./read-options.mjs";

/** How long crossings in flight are waited for where nobody says. */
const WAIT_MS = 120_000;

const amount = (wei: bigint): string => (wei === 0n ? "-" : exactEther(wei));

function rowOf({ address, returned, left, problems }: RecoveredAccount): string[] {
  return [address, ...CHAINS.map((chain) => amount(returned[chain])), amount(left), problems.join("; ")];
}

function printed({ accounts, inFlight, problems, notes, books }: Recovery): string[] {
  const touched = accounts.filter((one) => one.returned[1] + one.returned[2] > 0n || one.problems.length > 0);
  const totals = CHAINS.map((chain) =>
    amount(accounts.reduce((sum, { returned }) => sum + returned[chain], 0n)),
  );
  const left = accounts.reduce((sum, one) => sum + one.left, 0n);
  const head = ["account", "returned on L1", "returned on L2", "left", ""];
  return [
    ...table([head, ...touched.map(rowOf), [`${accounts.length} accounts`, ...totals, amount(left), ""]]),
    ...problems.map((problem) => `WARNING ${problem}`),
    ...notes,
    ...(books === undefined ? [] : ["", ...booksTable(books), ...differencesReport(books)]),
    ...inFlight.map(
      ({ code, child, from, hash, message }) =>
        `in flight: ${code} of ${child === "funder" ? "the funder" : `child ${child}`} from L${from}, tx ${hash}, message ${message ?? "-"}`,
    ),
  ];
}

const { target: name = "local", wait: waitMs = WAIT_MS, seed, children, shard } = ownOptions(VERBS.recover);
const told = seed === undefined || children === undefined ? [] : [{ seed, children }];
try {
  await fillFromKeystore({ target: name });
  const whole = loadTarget(name);
  const target = targetOfShard(whole, shard);
  const paths = logPaths();
  const stack = await runningStack(target);
  if (stack === undefined) {
    if (target.place.kind === "fork") console.log("A fork ends with its run: nothing to recover of it.");
    else
      console.log(
        "No local stack is running: what an embedded one held ended with its run. Nothing to recover.",
      );
    process.exit(0);
  }
  const identities = await chainIdentities(stack);
  const lock = await lockTarget(target.funder.address, { ...stack, identities }, "recover");
  const { accounts, origin } = await findAccounts(target, paths, told, console.log);
  console.log(origin);
  const opLog = new OpLog(paths.opLog, { isNeeded: false });
  const originOf = originsOf(protocolOfTarget(target));
  const open = await openCrossings(paths.opLog, originOf);
  const crossings = [...open, ...(await justClosedCrossings(paths.opLog, originOf))];
  const unwatched = await unwatchedCrossings(paths.opLog, originOf);
  const wanted = { accounts, crossings, unwatched, opLog, waitMs, say: console.log };
  const recovery = await recover(target, stack, wanted);
  opLog.close();
  // Its own funder's money goes back to the target's, too.
  const isSwept =
    shard === undefined || (await sweepShard(whole, stack, shard, { logs: paths, say: console.log }));
  await lock.release();
  for (const line of printed(recovery)) console.log(line);
  if (opLog.failure !== undefined)
    console.log(`WARNING ${opLog.failure.message}; what this recovery sent is not in it`);
  const { sentence, exitCode } = verdictOf(recovery);
  console.log(sentence);
  process.exitCode = isSwept ? exitCode : exitCode || 1;
} catch (thrown) {
  const error = presentable(thrown);
  if (!(error instanceof StressError)) throw error;
  console.error(error.render());
  process.exit(2);
}
