import { isConserved } from "../../stress/engine/audit/index.ts";
import { CHAINS, otherChain, reasonOf } from "../../stress/engine/base/index.ts";
import { checkJournal } from "../../stress/journal/check-journal.ts";
import { parseOpLog } from "../../stress/journal/parse-op-log.ts";
import type { Simulated } from "./simulate.ts";

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
  const most = weather.reorganisation > 0 ? CHEAPER_AGAIN : DUST;
  for (const chain of CHAINS) {
    const { state } = world.chains[chain].head;
    for (const child of children) {
      const wei = state.balance(child.toLowerCase());
      if (wei > most) found.push(`${child} still has ${wei} wei on L${chain}`);
    }
    for (const [account, stake] of state.stakes)
      if (stake > 0n) found.push(`${account} still has ${stake} wei in the pool of L${chain}`);
    const { relayed } = world.chains[otherChain(chain)].head.state;
    const open = state.sent.filter(({ id }) => !relayed.has(id));
    if (open.length > 0) found.push(`${open.length} messages of L${chain} never arrived`);
  }
  return found;
}

/** What a run that came to its end says of itself. */
function ofRun({ result, world, thrown }: Simulated): string[] {
  if (thrown !== undefined) return [`the run ended in an error: ${reasonOf(thrown)}`];
  if (result === undefined) return [];
  const { audit, ledger, failed, reason } = result;
  const found: string[] = [];
  if (!isConserved(ledger))
    found.push(`books: unaccounted ${ledger.unaccounted[1]}, ${ledger.unaccounted[2]} wei`);
  for (const name of [
    "lost",
    "doubled",
    "wrong amount",
    "wrong recipient",
    "in flight",
    "not known",
  ] as const)
    if (audit.counts[name] > 0) found.push(`${audit.counts[name]} crossings are called ${name}, and none is`);
  const deposits = CHAINS.flatMap((chain) =>
    world.chains[chain].head.state.sent.filter(({ kind }) => kind !== "settlement"),
  );
  const followed = audit.counts["paid once"] + audit.counts["settled back"];
  if (deposits.length !== followed)
    found.push(`${deposits.length} crossings were made, ${followed} are told`);
  for (const { code, child, outcome, hash } of failed) {
    const reasonOf = outcome.kind === "failed" ? outcome.reason : outcome.kind;
    // A pool may be short after reorganisations; a crossing that was settled back did fail.
    if (reasonOf !== "settled back")
      found.push(`${code} of child ${child} (${hash ?? "-"}) is called failed: ${reasonOf}`);
  }
  if (!["duration", "failures", "all idle"].includes(reason.kind))
    found.push(`ended because of ${reason.kind}`);
  return found;
}

/** What a recovery says: that all is back, and the books close. */
function ofRecovery({ recovery }: Simulated): string[] {
  if (recovery === undefined) return [];
  const { accounts, inFlight, problems, books, funderLeft } = recovery;
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
