import { BROKEN, type CrossingAudit, isConserved, type LedgerReport } from "../../engine/audit/index.ts";
import { CHAINS, describeEnd, type EndReason, exactEther, isBad } from "../../engine/base/index.ts";
import type { Verdict } from "./schema.ts";

/** What a run is judged by. Amounts in wei. */
export interface Judged {
  readonly reason: EndReason;
  readonly failed: number;
  readonly toleratedFailures: number;
  readonly abandoned: number;
  readonly unreturned: bigint;
  readonly dust: bigint;
  readonly problems: readonly string[];
  readonly ledger: LedgerReport;
  readonly audit: CrossingAudit;
  readonly clean: boolean;
}

/** Whether the bridge held in a run that came to its end, and each reason why it did not, in a sentence. */
export function verdictOf(judged: Judged): Verdict {
  const broken = reasonsOf(judged);
  const { kind } = judged.reason;
  if (kind === "signal" || kind === "test over") {
    const cut = `The run was cut short (${describeEnd(judged.reason)}): what it would have found later is not known.`;
    return { is: broken.length === 0 ? "stopped" : "not held", held: false, reasons: [cut, ...broken] };
  }
  return { is: broken.length === 0 ? "held" : "not held", held: broken.length === 0, reasons: broken };
}

/** A run that goes on, was killed, or ended in an error before anything could be proved. */
export const unfinished = (reason: string): Verdict => ({ is: "unfinished", held: false, reasons: [reason] });

function reasonsOf(judged: Judged): string[] {
  const { reason, failed, toleratedFailures, abandoned, problems, clean } = judged;
  const reasons = [
    ...(isBad(reason) ? [`The run ended because of ${describeEnd(reason)}.`] : []),
    ...(failed > toleratedFailures && reason.kind !== "failures"
      ? [`${operations(failed)} failed, and ${toleratedFailures} were tolerated.`]
      : []),
    ...(abandoned > 0 ? [`${operations(abandoned)} given up: nobody waited for their end.`] : []),
    ...ofCrossings(judged.audit),
    ...ofBooks(judged.ledger),
    ...ofMoney(judged),
    ...problems.map((problem) => `Not given back: ${problem}.`),
  ];
  return reasons.length > 0 || clean
    ? reasons
    : ["The run did not end cleanly: something was left open, or its journal is not whole."];
}

function ofCrossings({ counts }: CrossingAudit): string[] {
  return [...BROKEN, "not known" as const].flatMap((one) => {
    if (counts[one] === 0) return [];
    const crossings = counts[one] === 1 ? "1 crossing" : `${counts[one]} crossings`;
    const are = counts[one] === 1 ? "is" : "are";
    switch (one) {
      case "not known":
        return [`What became of ${crossings} is not known: nobody could be asked.`];
      case "doubled":
        return [`${crossings} ${counts[one] === 1 ? "was" : "were"} paid more than once.`];
      case "lost":
        return [`${crossings} ${are} lost: relayed without a payout, or overdue and not there.`];
      case "wrong amount":
        return [`${crossings} brought another amount than was due.`];
      case "wrong recipient":
        return [`${crossings} paid somebody else.`];
    }
  });
}

function ofBooks(ledger: LedgerReport): string[] {
  if (isConserved(ledger)) return [];
  const told = CHAINS.flatMap((chain) => {
    const books = ledger.chains[chain];
    if (books.kind === "unknown") return [`The books of L${chain} could not be compared: ${books.reason}.`];
    const { length } = books.differences;
    const places = length === 1 ? "1 place" : `${length} places`;
    return length === 0 ? [] : [`The books of L${chain} differ from its balances in ${places}.`];
  });
  return told.length > 0
    ? told
    : ["Not every wei is accounted for: crossings brought more or less than was due."];
}

function ofMoney({ unreturned, dust }: Judged): string[] {
  if (unreturned <= dust) return [];
  return [`${exactEther(unreturned)} ETH did not come back; dust would be ${exactEther(dust)} ETH at most.`];
}

const operations = (count: number): string => (count === 1 ? "1 operation" : `${count} operations`);
