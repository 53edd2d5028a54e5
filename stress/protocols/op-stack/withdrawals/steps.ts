import type { Receipt } from "../../../engine/rpc/index.ts";
import type { StepNote } from "../../../engine/transactions/index.ts";
import type { Steps } from "../../operation.ts";
import { type Withdrawal, withdrawalsIn } from "./withdrawal.ts";
import type { Next, Withdrawals } from "./withdrawals.ts";

/** Times in a row that a proof or a finalisation may fail: a game may be blacklisted while its proof is on its way. */
const MOST_FAILURES = 5;

/** What is waited for, in a word. */
const WAITS_FOR = { proposal: "proposal", window: "window", end: "end" } as const;

/** The phase that is reached once it is there. */
const REACHES: Readonly<Record<string, string>> = { proposal: "provable", window: "finalisable" };

/**
 * The steps that follow a withdrawal's initiation: proved against what covers it, again where that turns out to be in vain, and
 * finalised once its windows are over. It ends when the portal has finalised it, by whomever.
 *
 * @param latest the initiation's receipt as L2 has it now: a reorganisation may give the withdrawal another hash
 */
export async function* withdrawalSteps(
  withdrawals: Pick<Withdrawals, "next" | "extent" | "leave" | "readAgain">,
  submitter: string,
  latest: () => Receipt | undefined,
): Steps {
  let what: string = WAITS_FOR.proposal;
  let noted: string | undefined;
  let after = -1;
  const made = async (): Promise<Withdrawal | undefined> => {
    const receipt = latest();
    return receipt && (withdrawalOf(receipt) ?? withdrawals.readAgain(receipt));
  };
  for (let failures = 0; ; ) {
    const known = await made();
    const found: { next?: Next } = {};
    const met = yield {
      kind: "wait",
      chain: 1,
      what,
      ...(REACHES[what] === undefined ? {} : { reaches: REACHES[what] }),
      ...(known === undefined || known.hash === noted ? {} : { note: noteOf(known) }),
      isMet: async (block) => {
        const withdrawal = await made();
        // What failed in a block's state does so again; and a state that was read before a reorganisation is none.
        if (withdrawal === undefined || block <= after) return false;
        found.next = await withdrawals.next(withdrawal, submitter, block);
        return found.next.do !== "wait";
      },
    };
    noted = known?.hash ?? noted;
    const { next } = found;
    if (next === undefined || next.do === "wait" || next.do === "nothing") return;
    if (met.kind === "met") after = met.block;
    const { do: action, plan, note } = next;
    const reaches = action === "prove" ? "proven" : "finalised";
    const mayFail = failures < MOST_FAILURES;
    const end = yield { kind: "send", chain: 1, plan, what: action, note, reaches, mayFail };
    failures = end.kind === "failed" ? failures + 1 : 0;
    if (end.kind === "failed") continue;
    what = action === "prove" ? WAITS_FOR.window : WAITS_FOR.end;
    if (action !== "prove" || withdrawals.extent.kind !== "until proven") continue;
    const until = new Date(withdrawals.leave()).toISOString();
    yield { kind: "wait", chain: 1, what, note: leftNote(known, until), isMet: async () => true };
    return;
  }
}

const withdrawalOf = ({ logs }: Receipt): Withdrawal | undefined => withdrawalsIn(logs)[0];

/** How the journal tells that it is proved, and when it can be finalised: a recovery looks for it. */
const leftNote = (known: Withdrawal | undefined, until: string): StepNote => ({
  name: "left",
  values: { ...(known === undefined ? {} : { hash: known.hash }), until },
});

/** How the journal tells of a withdrawal before anything is done for it on L1. */
const noteOf = ({ hash, message }: Withdrawal): StepNote => ({
  name: "withdrawal",
  values: { hash, message },
});
