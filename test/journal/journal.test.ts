import { describe, expect, test } from "vitest";
import type { EngineEvent } from "../../stress/engine/events.ts";
import type { Purpose } from "../../stress/engine/transactions/index.ts";
import { hashOf } from "../fakes/chain.ts";
import { doneWith, journaling, OF, sentFor } from "../fakes/journaling.ts";
import { receiptOf } from "../fakes/receipts.ts";
import { account } from "../fakes/submitting.ts";

const [TX, OTHER] = [hashOf("a"), hashOf("b")];

const started: EngineEvent = {
  kind: "operation started",
  ...OF,
  chain: 2,
  at: 1000 * Number("1635364366.14432049"),
};
const submitted = {
  kind: "operation submitted",
  ...OF,
  chain: 1,
  since: 662.21166,
  instead: undefined,
} as const;

const OPERATION: Purpose = { kind: "operation", ...OF, note: undefined };

const OP_START = "OP_START,003,FX,2,1635364366.14432049";
const OP_DONE = "OP_DONE_,003,FX,1,1,119515/120849,00000.66221166,00003.66329575,00262.85288596";

const succeeded = doneWith(
  { kind: "succeeded" },
  {
    hash: TX,
    receipt: receiptOf({ hash: TX, gasUsed: 119_515n }),
    phases: [662.21166, 3663.29575, 262_852.88596],
  },
);

describe("an operation in the journal", () => {
  test("has its start, its transaction and its end", () => {
    const mined = { kind: "operation mined", ...OF, hash: TX, since: 3663.29575 } as const;
    const arrived = { kind: "operation arrived", ...OF, chain: 1, hash: OTHER, since: 262_852 } as const;
    const events = [started, { ...submitted, hash: TX }, mined, arrived, succeeded];
    expect(journaling().journaled(...events)).toEqual([
      OP_START,
      `OP_WATCH,003,FX,1,00000.66221166,${TX}`,
      OP_DONE,
    ]);
  });

  test("without a transaction has neither hash nor gas", () => {
    const of = { operation: 9, child: 12, code: "DN" };
    const { journaled } = journaling();
    const done = doneWith({ kind: "succeeded" }, { child: 12, code: "DN", gasEstimated: 0n, phases: [0, 0] });
    expect(
      journaled(
        { kind: "operation started", ...of, chain: 1, at: 1_635_364_366_000 },
        { ...submitted, ...of, since: 0, hash: undefined },
        { ...done, ...of },
      ),
    ).toEqual([
      "OP_START,012,DN,1,1635364366.00000000",
      "OP_WATCH,012,DN,1,00000.00000000",
      "OP_DONE_,012,DN,1,1,0/0,00000.00000000,00000.00000000",
    ]);
  });

  test("whose transaction is sent again has one OP_WATCH, and a comment", () => {
    const { journaled } = journaling();
    const again = { ...submitted, hash: OTHER, instead: TX };
    expect(journaled(started, { ...submitted, hash: TX }, again)).toEqual([
      OP_START,
      `OP_WATCH,003,FX,1,00000.66221166,${TX}`,
      `# again=FX child=003 tx=${OTHER} instead=${TX}`,
    ]);
  });

  test("that is refused is told with what takes its place, and why", () => {
    const reason = "over half of the L1 pool";
    const refused = { kind: "operation refused", child: 3, code: "FX", instead: "SX", reason } as const;
    expect(journaling().journaled(refused)).toEqual([
      "# refused=FX child=003 instead=SX reason=over-half-of-the-L1-pool",
    ]);
  });

  test.each([
    {
      outcome: { kind: "failed", reason: "transaction reverted" },
      comment: `# failed=FX child=003 reason=transaction-reverted tx=${TX}`,
      end: "OP_DONE_,003,FX,1,0,119515/120849,00000.00100000,00000.00200000",
    },
    {
      outcome: { kind: "abandoned", waitingFor: "payout" },
      comment: `# abandoned=FX child=003 waiting-for=payout tx=${TX}`,
      end: "OP_DONE_,003,FX,1,0,119515/120849,00000.00100000,00000.00200000",
    },
  ] as const)("that $outcome.kind says why, with its transaction, on the line before its end", (one) => {
    const own = { hash: TX, receipt: receiptOf({ gasUsed: 119_515n }), phases: [1, 2] };
    expect(journaling().journaled(started, doneWith(one.outcome, own))).toEqual([
      OP_START,
      one.comment,
      one.end,
    ]);
  });

  test.each([
    [
      { kind: "failed", reason: "not submitted, underpriced: fee too low" },
      "reason=not-submitted,-underpriced:-fee-too-low",
    ],
    [{ kind: "abandoned", waitingFor: "submission" }, "waiting-for=submission"],
  ] as const)("that was never sent names no transaction: %j", (outcome, why) => {
    expect(journaling().journaled(started, doneWith(outcome))).toEqual([
      OP_START,
      `# ${outcome.kind}=FX child=003 ${why}`,
      "OP_DONE_,003,FX,1,0,0/120849",
    ]);
  });
});

/** What may become of a transaction beside being mined. */
const fatesOf = (purpose: Purpose): readonly EngineEvent[] => {
  const transaction = sentFor(purpose);
  const receipt = receiptOf({ hash: OTHER, blockNumber: 12 });
  const reverted = { ...receipt, succeeded: false };
  return [
    { kind: "replaced", transaction, hash: TX, by: OTHER },
    { kind: "taken back", transaction, receipt },
    { kind: "mined", transaction, receipt: { ...receipt, blockNumber: 14 }, again: true },
    { kind: "mined", transaction, receipt: reverted, again: true },
  ];
};

describe("what becomes of a transaction", () => {
  test("of an operation is told of the operation", () => {
    const { journaled } = journaling();
    journaled(started);
    expect(journaled(...fatesOf(OPERATION))).toEqual([
      `# replaced=FX child=003 tx=${TX} by=${OTHER}`,
      `# taken-back=FX child=003 tx=${OTHER} block=12`,
      `# mined-again=FX child=003 tx=${OTHER} block=14`,
      `# mined-again=FX child=003 tx=${OTHER} block=12 reverted=yes`,
    ]);
  });

  test("of an operation that is done is told with that", () => {
    const { journaled } = journaling();
    journaled(started, succeeded);
    expect(journaled(...fatesOf(OPERATION))).toEqual([
      `# replaced=FX child=003 tx=${TX} by=${OTHER} after=OP_DONE_`,
      `# taken-back=FX child=003 tx=${OTHER} block=12 after=OP_DONE_`,
      `# mined-again=FX child=003 tx=${OTHER} block=14 after=OP_DONE_`,
      `# mined-again=FX child=003 tx=${OTHER} block=12 reverted=yes after=OP_DONE_`,
    ]);
  });

  test("of an operation that is done is not mistaken for the child's next one of the same kind", () => {
    const { journaled } = journaling();
    journaled(started, succeeded, { ...started, operation: 6 });
    const next: Purpose = { ...OPERATION, operation: 6 };
    const of = (purpose: Purpose): string[] => journaled(...fatesOf(purpose).slice(0, 1));
    expect([...of(OPERATION), ...of(next)]).toEqual([
      `# replaced=FX child=003 tx=${TX} by=${OTHER} after=OP_DONE_`,
      `# replaced=FX child=003 tx=${TX} by=${OTHER}`,
    ]);
  });

  test("of the funder is told of the funder", () => {
    expect(journaling().journaled(...fatesOf({ kind: "funder", code: "SO", amount: 5n }))).toEqual([
      `# funder-replaced=SO chain=2 tx=${TX} by=${OTHER}`,
      `# funder-taken-back=SO chain=2 tx=${OTHER} block=12`,
      `# funder-mined-again=SO chain=2 tx=${OTHER} block=14`,
      `# funder-mined-again=SO chain=2 tx=${OTHER} block=12`,
    ]);
  });

  test("of a recovery is told of the account", () => {
    const own = `RF chain=2 account=${account.address}`;
    expect(journaling().journaled(...fatesOf({ kind: "recovery", code: "RF" }))).toEqual([
      `# recovered-replaced=${own} tx=${TX} by=${OTHER}`,
      `# recovered-taken-back=${own} tx=${OTHER} block=12`,
      `# recovered-mined-again=${own} tx=${OTHER} block=14`,
      `# recovered-mined-again=${own} tx=${OTHER} block=12 reverted=yes`,
    ]);
  });

  test("that only fills a nonce is told of the account, as its fees are in the books, too", () => {
    const own = `${account.address} chain=2`;
    expect(journaling().journaled(...fatesOf({ kind: "filler" }))).toEqual([
      `# filler-replaced=${own} tx=${TX} by=${OTHER}`,
      `# filler-taken-back=${own} tx=${OTHER} block=12`,
      `# filler-mined-again=${own} tx=${OTHER} block=14`,
      `# filler-mined-again=${own} tx=${OTHER} block=12 reverted=yes`,
    ]);
  });
});

describe("a transaction that is about to be sent", () => {
  const signed = (purpose: Purpose): string[] =>
    journaling().journaled({ kind: "signed", transaction: sentFor(purpose) });
  const { hash } = sentFor(OPERATION);

  test("as an operation's own stands in OP_WATCH, and in no comment", () => {
    expect(signed(OPERATION)).toEqual([]);
  });

  test("as another step of an operation is told by the step's name", () => {
    expect(signed({ ...OPERATION, note: { name: "approval" } })).toEqual([
      `# approval=FX child=003 tx=${hash}`,
    ]);
    expect(signed({ ...OPERATION, note: { name: "prove", values: { output: "7" } } })).toEqual([
      `# prove=FX child=003 tx=${hash} output=7`,
    ]);
  });

  test("by the funder is told with its amount", () => {
    expect(signed({ kind: "funder", code: "SO", amount: 5n })).toEqual([
      `# funder=SO chain=2 amount=5 tx=${hash}`,
    ]);
  });

  test("by a recovery is told with the account", () => {
    expect(signed({ kind: "recovery", code: "RF" })).toEqual([
      `# recovered=RF chain=2 account=${account.address} tx=${hash}`,
    ]);
  });

  test("to fill a nonce is told with the account", () => {
    expect(signed({ kind: "filler" })).toEqual([`# filler=${account.address} chain=2 tx=${hash}`]);
  });
});

describe("the journal", () => {
  test("has nothing to say where all goes on as it should", () => {
    const transaction = sentFor(OPERATION);
    const { journaled } = journaling();
    expect(
      journaled(
        { kind: "mined", transaction, receipt: receiptOf(), again: false },
        { kind: "resent", transaction, how: "rebroadcast" },
        { kind: "credited", account: account.address, chain: 1 },
        { kind: "outage", chain: 2 },
        { kind: "stop", level: 1, reason: { kind: "duration" } },
      ),
    ).toEqual([]);
  });

  test("is written before anybody else is told", () => {
    const { stream, lines } = journaling();
    const seen: number[] = [];
    stream.subscribe("transactions", { "operation started": () => void seen.push(lines().length) });
    stream.publish(started);
    expect(seen).toEqual([1]);
  });

  test("is kept until it is ended", () => {
    const { journaled, end } = journaling();
    end();
    expect(journaled(started)).toEqual([]);
  });
});
