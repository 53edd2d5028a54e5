import { type Doubt, doubtOf, type Evidence, type Verdict } from "./classify.ts";
import type { Followed } from "./followed.ts";
import type { Inquiries } from "./inquiries.ts";

/** What was found out of crossings that seem to be lost. */
export type Verdicts = ReadonlyMap<Followed, Verdict>;

/** Crossings that are asked for at the same time. */
const AT_ONCE = 50;

/** A message that was answered with another one leads to that: no longer than this, whatever nodes tell. */
const MOST_INQUIRIES = 4;

/**
 * Asks the chains for every crossing that was not seen to be paid.
 *
 * @param evidence as it is now: what is found out changes it
 */
export async function inquireOf(
  followed: readonly Followed[],
  evidence: () => Evidence,
  inquiries: Pick<Inquiries, "arrival" | "deposit">,
): Promise<Verdicts> {
  const now = evidence();
  const open = followed.filter((one) => doubtOf(one, now) !== undefined);
  const verdicts = new Map<Followed, Verdict>();
  const ask = async (one: Followed): Promise<void> => {
    const verdict = await inquire(one, evidence, inquiries);
    if (verdict !== undefined) verdicts.set(one, verdict);
  };
  for (let at = 0; at < open.length; at += AT_ONCE) await Promise.all(open.slice(at, at + AT_ONCE).map(ask));
  return verdicts;
}

/** Asks until nothing is left to be asked: what is found may lead on. */
async function inquire(
  followed: Followed,
  evidence: () => Evidence,
  inquiries: Pick<Inquiries, "arrival" | "deposit">,
): Promise<Verdict | undefined> {
  for (let asked = 0; asked < MOST_INQUIRIES; asked++) {
    const doubt = doubtOf(followed, evidence());
    if (doubt === undefined) return undefined;
    const verdict = await verdictOn(doubt, followed, inquiries);
    if (verdict !== undefined) return verdict;
  }
  return "not known";
}

/** @returns undefined where what was found out was told, and may have changed what is thought of it */
async function verdictOn(
  doubt: Doubt,
  { transaction }: Followed,
  inquiries: Pick<Inquiries, "arrival" | "deposit">,
): Promise<Verdict | undefined> {
  if (doubt.of === "deposit") {
    const { kind } = await inquiries.deposit(transaction.chain, doubt.receipt);
    return kind === "sent" ? undefined : kind === "nothing sent" ? "lost" : "not known";
  }
  const { chain, message, relay } = doubt;
  const found = await inquiries.arrival(chain, message, relay);
  if (found.kind !== "arrived") return found.kind === "not arrived" ? "lost" : "not known";
  const isAsBefore =
    relay !== undefined &&
    found.arrival.answer === undefined &&
    found.arrival.payouts.length <= relay.payouts.length;
  return isAsBefore ? "lost" : undefined;
}
