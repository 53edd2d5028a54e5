import { readFileSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Chain } from "../../stress/engine/base/index.ts";
import type { EngineEvent, OperationDone, Outcome, Performed } from "../../stress/engine/events.ts";
import type { Purpose } from "../../stress/engine/transactions/index.ts";
import { SentTransaction } from "../../stress/engine/transactions/sent-transaction.ts";
import { signVersion } from "../../stress/engine/transactions/signing.ts";
import { keepJournal } from "../../stress/journal/journal.ts";
import { OpLog } from "../../stress/journal/op-log.ts";
import { newStream } from "./bridge.ts";
import { ownFolder } from "./folder.ts";
import { account, call } from "./submitting.ts";

/** A journal of its own that is kept of a stream; the lines that it has so far. */
export function journaling() {
  const path = join(ownFolder(), "op.log");
  const opLog = new OpLog(path);
  onTestFinished(() => opLog.close());
  const stream = newStream();
  const end = keepJournal(opLog, stream);
  const lines = (): string[] => {
    opLog.flush();
    return readFileSync(path, "utf8").split("\n").slice(0, -1);
  };

  /** The lines that events add. */
  const journaled = (...events: readonly EngineEvent[]): string[] => {
    const before = lines().length;
    for (const event of events) stream.publish(event);
    return lines().slice(before);
  };
  return { stream, end, lines, journaled };
}

/** A transaction of the tests' account, sent for this. */
export function sentFor(purpose: Purpose, chain: Chain = 2): SentTransaction {
  const terms = { chainId: 1n, nonce: 0, gasLimit: 1n, fees: { type: 0, gasPrice: 1n } } as const;
  const origin = { account, chain, nonce: 0, gasEstimated: 1n, purpose };
  return new SentTransaction(origin, signVersion(account, call, terms));
}

/** The operation of the journal's tests: a fast exit of child 3. */
export const OF = { operation: 5, child: 3, code: "FX" } as const;

/** It is over, with this outcome. */
export const doneWith = (outcome: Outcome, own: Partial<Performed> = {}): OperationDone => ({
  kind: "operation done",
  ...OF,
  chain: 1,
  performed: {
    child: OF.child,
    code: OF.code,
    chain: 2,
    outcome,
    gasEstimated: 120_849n,
    hash: undefined,
    receipt: undefined,
    steps: [],
    phases: [],
    ...own,
  },
});
