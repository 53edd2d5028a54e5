import { isConserved } from "../../stress/engine/audit/index.ts";
import { CHAINS, reasonOf, StressError } from "../../stress/engine/base/index.ts";
import { checkJournal } from "../../stress/journal/check-journal.ts";
import { parseOpLog } from "../../stress/journal/parse-op-log.ts";
import type { Simulated } from "./simulated.ts";
import { FUNDS, type World } from "./world/world.ts";

/** Wei that may stay in an account on a chain: a ten-thousandth of the minimum balance, as a run's own limit has it. */
const DUST = (25n * 10n ** 15n) / 10_000n;

/** What an account that was emptied may have again, where a reorganisation had its last transfer mined at a lower price. Wei. */
const CHEAPER_AGAIN = 21_000n * 5n * 10n ** 9n;

/** What is not as it must be, by what the chains themselves know; nothing where all is well. */
export function mistakes(simulated: Simulated): string[] {
  return [...moneyLeft(simulated), ...ofRun(simulated), ...ofRecovery(simulated), ...ofJournal(simulated)];
}

/** Everything is given back: no wei in children's hands or in the pools for them, no message on its way. */
function moneyLeft({ world, weather, children }: Simulated): string[] {
  const found: string[] = [];
  const most = weather.parts.reorganisations > 0 ? CHEAPER_AGAIN : DUST;
  for (const chain of CHAINS) {
    const { state } = world.chains[chain].head;
    for (const child of children) {
      const wei = state.balance(child.toLowerCase());
      if (wei > most) found.push(`${child} still has ${wei} wei on L${chain}`);
    }
  }
  return [...found, ...world.rollup.left(children)];
}

/** What a run ends in that cannot write its logs. */
const ON_FULL_DISK = new Set(["JOURNAL_INCOMPLETE", "LOGS_UNUSABLE"]);

/** What a run that came to its end says of itself. */
function ofRun({ result, crossings, world, weather, thrown, wasDiskFull, recovery }: Simulated): string[] {
  if (thrown instanceof StressError && wasDiskFull && ON_FULL_DISK.has(thrown.code)) return [];
  // An endpoint that is silent when the engine begins is said to be so, and no money has moved.
  const mayBeSilent = weather.parts.outages > 0 && world.rollup.crossings === 0;
  if (thrown instanceof StressError && thrown.code === "ENDPOINT_UNREACHABLE" && mayBeSilent) return [];
  if (thrown !== undefined) return [`the run ended in an error: ${reasonOf(thrown)}`];
  if (result === undefined) return [];
  const { audit, ledger, failed, reason, cost } = result;
  const found: string[] = [];
  // Two answers in a row that take half a minute each are a minute of silence: the run may end by it, and leave crossings to a recovery.
  const isCutOff = reason.kind === "endpoint" && weather.parts.late > 0;
  if (!isConserved(ledger))
    found.push(`books: unaccounted ${ledger.unaccounted[1]}, ${ledger.unaccounted[2]} wei`);
  for (const name of ["lost", "doubled", "wrong amount", "wrong recipient", "not known"] as const)
    if (audit.counts[name] > 0) found.push(`${audit.counts[name]} crossings are called ${name}, and none is`);
  const inFlight = audit.counts["in flight"];
  if (inFlight > 0 && !isCutOff) found.push(`${inFlight} crossings are called in flight, and none is`);
  const followed = audit.counts["paid once"] + audit.counts["settled back"] + inFlight;
  if (crossings !== followed) found.push(`${crossings} crossings were made, ${followed} are told`);
  if (isCutOff) return found;
  for (const { code, child, outcome, hash } of failed) {
    const why = outcome.kind === "failed" ? outcome.reason : outcome.kind;
    // A pool may be short after reorganisations; a crossing that was settled back did fail.
    if (why === "settled back") continue;
    // So did one whose message failed where it arrived, though it is carried out in the end.
    if (weather.parts.failedRelays > 0 && why.startsWith("it failed where it arrived")) continue;
    if (weather.parts.reorganisations > 0) {
      // What a branch held that is gone cannot be given back on the other one; that is tried again.
      if (code === "RF") continue;
      // Nor can a stake that an earlier withdrawal took out, mined again meanwhile.
      if (code === "RL" && why.includes("reverted")) continue;
    }
    found.push(`${code} of child ${child} (${hash ?? "-"}) is called failed: ${why}`);
  }
  if (!["duration", "failures", "all idle"].includes(reason.kind))
    found.push(`ended because of ${reason.kind}`);
  if (recovery === undefined && weather.parts.reorganisations === 0 && cost !== spent(world))
    found.push(`it is said to have cost ${cost} wei, and did ${spent(world)}`);
  return found;
}

/** What the funder has less than at the beginning, by the chains themselves. Wei. */
const spent = ({ chains, funder, rollup }: World): bigint =>
  CHAINS.reduce(
    (sum, chain) => sum + FUNDS - chains[chain].head.state.balance(funder.address.toLowerCase()),
    0n,
  ) - rollup.funderShare;

/** What a recovery says: that all is back, and the books close. */
function ofRecovery({ recovery, wasDiskFull }: Simulated): string[] {
  if (recovery === undefined) return [];
  const { accounts, inFlight, problems, funderLeft } = recovery;
  // Books that are written anew from a journal without its end do not close.
  const books = wasDiskFull ? undefined : recovery.books;
  const own = accounts.flatMap((account) => account.problems);
  return [
    ...[...problems, ...own].map((problem) => `recovery: ${problem}`),
    ...(inFlight.length > 0 ? [`recovery: ${inFlight.length} crossings in flight`] : []),
    ...(funderLeft > 0n ? [`recovery: ${funderLeft} wei of the funder's stay`] : []),
    ...(books !== undefined && !isConserved(books)
      ? [`recovery: the books are off by ${books.unaccounted[1]}, ${books.unaccounted[2]} wei`]
      : []),
  ];
}

/** The journal of a run that was not killed is sound. */
function ofJournal({ result, opLog }: Simulated): string[] {
  if (result === undefined) return [];
  try {
    checkJournal(parseOpLog(opLog));
    return [];
  } catch (error) {
    return [`journal: ${String(error)}`];
  }
}
