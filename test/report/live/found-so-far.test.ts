import { expect, test } from "vitest";
import { CROSSING_CLASSES, type CrossingAudit } from "../../../stress/engine/audit/index.ts";
import { FoundSoFar } from "../../../stress/report/live/found-so-far.ts";
import { newStream } from "../../fakes/bridge.ts";
import { sentFor } from "../../fakes/journaling.ts";

const AUDIT: CrossingAudit = {
  counts: Object.fromEntries(CROSSING_CLASSES.map((one) => [one, 0])) as CrossingAudit["counts"],
  late: 0,
  outOfOrder: 0,
  rateUnknown: 0,
  exceptions: [],
  fromStrangers: [],
};

test("what happens on the chains that ought not to is told with how often, as at the end of a run", () => {
  const stream = newStream();
  const found = new FoundSoFar(stream);
  expect(found.lines()).toEqual([]);
  const transaction = sentFor({ kind: "filler" }, 2);
  stream.publish({ kind: "reorganisation", chain: 1, commonBlock: 7, depth: 3 });
  for (let times = 0; times < 2; times++) stream.publish({ kind: "outage", chain: 2 });
  stream.publish({ kind: "resent", transaction, how: "rebroadcast" });
  stream.publish({ kind: "resent", transaction, how: "replaced" });
  const early = { kind: "preconfirmation", transaction, hash: transaction.hash, block: 5, at: 1 } as const;
  stream.publish({ ...early, became: { is: "kept" } });
  stream.publish({ ...early, became: { is: "another block", block: 6 } });
  expect(found.lines()).toEqual([
    "1 reorganisations on L1",
    "1 transactions replaced on L2",
    "1 preconfirmations not kept on L2",
    "2 outages of the endpoint on L2",
  ]);
});

test("what the audit proves takes the place of what was seen of crossings, and of nothing else", () => {
  const stream = newStream();
  const found = new FoundSoFar(stream);
  stream.publish({ kind: "outage", chain: 2 });
  found.audited({ ...AUDIT, counts: { ...AUDIT.counts, doubled: 2, "paid once": 9 }, late: 1 });
  expect(found.lines()).toEqual([
    "2 crossings doubled",
    "1 crossing late",
    "1 outages of the endpoint on L2",
  ]);
  found.audited(AUDIT);
  expect(found.lines()).toEqual(["1 outages of the endpoint on L2"]);
});
