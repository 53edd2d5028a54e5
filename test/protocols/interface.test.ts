import { describe, expect, test } from "vitest";
import { isConserved, prove } from "../../stress/engine/audit/index.ts";
import type { Chain } from "../../stress/engine/base/index.ts";
import { Dispatcher } from "../../stress/engine/run/dispatcher.ts";
import { feeAt } from "../fakes/chain.ts";
import { settled, wakeAll } from "../fakes/timers.ts";
import { AMOUNT, arrivalOf, POINTS, tiny, TOLL } from "./tiny.ts";
import { begin, ETHER, mineArrival, mineDeposit, OPERATOR_WEI, running, viewOf } from "./tiny-engine.ts";

describe.each([
  { hasBlockReceipts: true, node: "that has block receipts" },
  { hasBlockReceipts: false, node: "without block receipts" },
])("a protocol that has nothing in common with the legacy one, on a node $node,", ({ hasBlockReceipts }) => {
  test("has a crossing performed, booked and audited to the last point and wei", async () => {
    const all = await running(hasBlockReceipts);
    const { engine, child } = all;
    const performing = begin(all);
    await settled();
    const deposit = await mineDeposit(all);
    await mineArrival(all, deposit, AMOUNT - TOLL);
    const performed = await performing;
    expect(performed).toMatchObject({ code: "TC", chain: 1, outcome: { kind: "succeeded" }, hash: deposit });
    expect(performed.steps[0]?.end).toMatchObject({ kind: "paid", chain: 2, hash: arrivalOf(deposit) });
    expect(child.on).toBe(2);

    const had = (chain: Chain) => engine.ledger.holding(child.address, chain);
    expect(had(1)).toMatchObject({ balance: ETHER - feeAt() - OPERATOR_WEI, [POINTS]: 2n * AMOUNT });
    expect(had(2)).toMatchObject({ balance: ETHER, [POINTS]: AMOUNT - TOLL });

    const { ledger, audit } = await prove(engine);
    expect(isConserved(ledger)).toBe(true);
    expect([ledger.unaccounted, ledger.unaccountedTokens]).toEqual([
      { 1: 0n, 2: 0n },
      { [POINTS]: { 1: 0n, 2: 0n } },
    ]);
    expect(ledger.chains[1]).toMatchObject({
      causes: {
        crossing: { [POINTS]: -AMOUNT },
        "gas fee": { balance: -feeAt() },
        "operator fee": { balance: -OPERATOR_WEI },
      },
    });
    expect(ledger.chains[2]).toMatchObject({ causes: { payout: { [POINTS]: AMOUNT - TOLL } } });
    expect(audit.counts["paid once"]).toBe(1);
    expect([audit.exceptions, audit.fromStrangers, audit.rateUnknown]).toEqual([[], [], 0]);
  });

  test("is told which fee it is that receipts do not tell, where that is what the books differ by", async () => {
    const all = await running(hasBlockReceipts);
    const performing = begin(all);
    await settled();
    const deposit = await mineDeposit(all, {});
    await mineArrival(all, deposit, AMOUNT - TOLL);
    await performing;
    const { ledger } = await prove(all.engine);
    const untold = { amounts: { balance: -OPERATOR_WEI }, transactions: [deposit], untold: ["operator fee"] };
    expect(ledger.chains[1]).toMatchObject({ differences: [untold] });
    expect(ledger.unaccounted).toEqual({ 1: -OPERATOR_WEI, 2: 0n });
  });

  test("is told of points that the chain lacks, and of no ETH", async () => {
    const all = await running(hasBlockReceipts);
    const performing = begin(all);
    await settled();
    const deposit = await mineDeposit(all);
    await mineArrival(all, deposit, AMOUNT - TOLL - 5n);
    await performing;
    const { ledger } = await prove(all.engine);
    expect(isConserved(ledger)).toBe(false);
    expect([ledger.unaccounted, ledger.unaccountedTokens]).toEqual([
      { 1: 0n, 2: 0n },
      { [POINTS]: { 1: 0n, 2: -5n } },
    ]);
  });

  test("has its arrivals waited for: until then the crossing is in flight", async () => {
    const all = await running(hasBlockReceipts);
    const performing = begin(all);
    await settled();
    const deposit = await mineDeposit(all);
    all.chains[2].mine();
    await wakeAll(2);
    expect((await prove(all.engine)).audit.counts["in flight"]).toBe(1);
    await mineArrival(all, deposit, AMOUNT - TOLL);
    expect((await performing).outcome).toEqual({ kind: "succeeded" });
  });

  test("is not asked for events on a chain where it has none", async () => {
    const all = await running(hasBlockReceipts);
    all.chains[2].mine();
    await wakeAll(2);
    expect(all.engine.watchers[2].readTo).toBe(all.chains[2].head);
    expect(all.chains[2].asked("eth_getLogs")).toBe(0);
  });
});

test("a protocol's operations are rolled for by its own shares, its assets deciding what can run", async () => {
  const { engine, child } = await running(true);
  const view = viewOf(engine, child);
  const choose = (shares: Readonly<Record<string, number>>) =>
    new Dispatcher(tiny.operations, { 1: shares, 2: {} }, 1, view).choose(child);
  expect(choose({ TC: 100 })).toMatchObject({ kind: "operation", operation: { code: "TC" } });
  engine.ledger.setOpening(child.address, 1, { balance: ETHER, [POINTS]: AMOUNT - 1n });
  // With no other child to pay there is nothing left.
  expect(choose({ TC: 100 })).toEqual({ kind: "nothing now" });
});
