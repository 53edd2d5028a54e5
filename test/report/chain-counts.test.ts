import { expect, test } from "vitest";
import { perChain } from "../../stress/engine/base/index.ts";
import { Node } from "../../stress/engine/rpc/index.ts";
import { ChainCounts } from "../../stress/report/chain-counts.ts";
import { newStream } from "../fakes/bridge.ts";
import { FakeChain } from "../fakes/chain.ts";
import { sentFor } from "../fakes/journaling.ts";
import { receiptOf } from "../fakes/receipts.ts";
import { watching } from "../fakes/watching.ts";

test("what happens on a chain beside the operations is counted there, and nowhere else", async () => {
  const stream = newStream();
  const counts = new ChainCounts(stream);
  const transaction = sentFor({ kind: "filler" }, 2);
  const receipt = receiptOf();
  stream.publish({ kind: "reorganisation", chain: 1, commonBlock: 7, depth: 3 });
  stream.publish({ kind: "taken back", transaction, receipt });
  stream.publish({ kind: "resent", transaction, how: "rebroadcast" });
  stream.publish({ kind: "resent", transaction, how: "replaced" });
  stream.publish({ kind: "resent", transaction, how: "replaced" });
  stream.publish({ kind: "outage", chain: 2 });
  // Only what a node took counts as replaced.
  stream.publish({ kind: "replaced", transaction, hash: transaction.hash, by: transaction.hash });
  const early = { kind: "preconfirmation", transaction, hash: transaction.hash, block: 5, at: 1 } as const;
  stream.publish({ ...early, became: { is: "kept" } });
  stream.publish({ ...early, became: { is: "another block", block: 6 } });
  const { watcher } = await watching(new FakeChain());
  const nodes = perChain(() => new Node(new FakeChain()));
  const events = counts.events({ nodes, watchers: perChain(() => watcher) });
  const nothing = { reorganisations: [], takenBack: 0, rebroadcast: 0, replaced: 0, outages: 0 };
  expect(events[1]).toMatchObject({ ...nothing, reorganisations: [{ block: 8, depth: 3 }] });
  expect(events[2]).toMatchObject({ ...nothing, takenBack: 1, rebroadcast: 1, replaced: 2, outages: 1 });
  expect([events[1].preconfirmations, events[2].preconfirmations]).toEqual([
    { kept: 0, broken: [] },
    { kept: 1, broken: [{ hash: transaction.hash, block: 5, became: { is: "another block", block: 6 } }] },
  ]);
  expect(events[1].traffic).toEqual(nodes[1].traffic.snapshot());
  expect(events[1].baseFee).toEqual(watcher.baseFees);
});
