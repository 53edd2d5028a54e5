import type { Fault, Handlers, Publisher, Source } from "../engine/base/index.ts";
import type { EngineEvent, OperationDone } from "../engine/events.ts";
import type { Receipt } from "../engine/rpc/index.ts";
import type { SentTransaction } from "../engine/transactions/index.ts";
import { childField, type OpLog } from "./op-log.ts";

type Values = Readonly<Record<string, string | number | bigint>>;

/**
 * Writes what happens into op.log: records of operations, and comments on what becomes of transactions. It comes first in the
 * stream's order, so that what moves money is written before it is sent. The returned function ends it.
 */
export function keepJournal(opLog: OpLog, stream: Source<EngineEvent> & Publisher<Fault>): () => void {
  const journal = new Journal(opLog);
  opLog.follow((error) => stream.publish({ kind: "fault", error }));
  const handlers: Handlers<EngineEvent> = {
    "operation started": ({ operation, child, code, chain, at }) => {
      journal.open.add(operation);
      opLog.start(child, code, chain, at);
    },
    "operation submitted": ({ child, code, chain, since, hash, instead }) => {
      // An operation has one OP_WATCH.
      if (hash !== undefined && instead !== undefined)
        journal.comment("again", code, child, { tx: hash, instead });
      else opLog.watch(child, code, chain, since, hash);
    },
    "operation noted": ({ name, code, child, values }) => journal.comment(name, code, child, values),
    "operation refused": ({ code, child, instead, reason }) =>
      journal.comment("refused", code, child, { instead, reason }),
    "operation done": (done) => journal.done(done),
    signed: ({ transaction }) => journal.signed(transaction),
    replaced: ({ transaction, hash, by }) => journal.fate("replaced", transaction, { tx: hash, by }),
    "taken back": ({ transaction, receipt: { hash: tx, blockNumber: block } }) =>
      journal.fate("taken-back", transaction, { tx, block }),
    mined: ({ transaction, receipt, again }) => {
      if (again) journal.minedAgain(transaction, receipt);
    },
  };
  return stream.subscribe("journal", handlers, () => opLog.written());
}

class Journal {
  readonly #opLog: OpLog;
  /** Numbers of operations that have no OP_DONE_ yet. */
  readonly open = new Set<number>();

  constructor(opLog: OpLog) {
    this.#opLog = opLog;
  }

  /** A comment on an operation: `# <what>=<code> child=… …`. */
  comment(what: string, code: string, child: number, values: Values): void {
    this.#opLog.comment({ [what]: code, child: childField(child), ...values });
  }

  /** OP_DONE_, with the reason before it where it did not succeed. */
  done({ operation, chain, performed }: OperationDone): void {
    const { child, code, outcome, hash, receipt, gasEstimated, phases } = performed;
    this.open.delete(operation);
    if (outcome.kind !== "succeeded") {
      const why: Values =
        outcome.kind === "failed" ? { reason: outcome.reason } : { "waiting-for": outcome.waitingFor };
      this.comment(outcome.kind, code, child, hash === undefined ? why : { ...why, tx: hash });
    }
    const succeeded = outcome.kind === "succeeded";
    const gasUsed = receipt?.gasUsed ?? 0n;
    this.#opLog.done({ child, code, chain, succeeded, gasUsed, gasEstimated, phases });
  }

  /** A transaction that is no operation's own has its place in a comment; that one has it in OP_WATCH. */
  signed({ purpose, account, chain, hash: tx }: SentTransaction): void {
    switch (purpose.kind) {
      case "operation":
        if (purpose.note !== undefined)
          this.comment(purpose.note.name, purpose.code, purpose.child, { tx, ...purpose.note.values });
        return;
      case "funder":
        this.#opLog.comment({ funder: purpose.code, chain, amount: purpose.amount, tx });
        return;
      case "recovery":
        this.#opLog.comment({
          recovered: purpose.code,
          chain,
          account: account.address,
          tx,
          ...(purpose.note === undefined ? {} : { step: purpose.note.name, ...purpose.note.values }),
        });
        return;
      case "filler":
        this.#opLog.comment({ filler: account.address, chain, tx });
        return;
    }
  }

  /** Taken back by a reorganisation, and mined once more. */
  minedAgain(transaction: SentTransaction, { hash: tx, blockNumber: block, succeeded }: Receipt): void {
    // The funder's lines never had it: a funder's transaction that reverts ends the run, which says so.
    const isTold = !succeeded && transaction.purpose.kind !== "funder";
    this.fate("mined-again", transaction, isTold ? { tx, block, reverted: "yes" } : { tx, block });
  }

  /** What became of a transaction beside being mined: also when its operation is done already. */
  fate(what: string, { purpose, account, chain }: SentTransaction, values: Values): void {
    switch (purpose.kind) {
      case "operation": {
        const ended: Values = this.open.has(purpose.operation) ? {} : { after: "OP_DONE_" };
        this.comment(what, purpose.code, purpose.child, { ...values, ...ended });
        return;
      }
      case "funder":
        this.#opLog.comment({ [`funder-${what}`]: purpose.code, chain, ...values });
        return;
      case "recovery":
        this.#opLog.comment({
          [`recovered-${what}`]: purpose.code,
          chain,
          account: account.address,
          ...values,
        });
        return;
      case "filler":
        // Its fees are in the books as any other's, whichever version is mined.
        this.#opLog.comment({ [`filler-${what}`]: account.address, chain, ...values });
        return;
    }
  }
}
