import { describe, expect, test } from "vitest";
import { findAddresses } from "../../fixtures/target/addresses.ts";
import { isConserved, prove } from "../../stress/engine/audit/index.ts";
import { CAUSES } from "../../stress/engine/ledger/index.ts";
import type { TxHash } from "../../stress/engine/rpc/index.ts";
import { keepJournal } from "../../stress/journal/journal.ts";
import { OpLog } from "../../stress/journal/op-log.ts";
import { join } from "node:path";
import { readFileSync } from "node:fs";
import { type FakeLog, feeAt } from "../fakes/chain.ts";
import { ownFolder } from "../fakes/folder.ts";
import { settled, wakeAll } from "../fakes/timers.ts";
import { AMOUNT, arrivalOf, back, failedBack, GATE, left, POINTS, tiny, TOLL, wayBack } from "./tiny.ts";
import { begin, mineArrival, mineDeposit, perform, type Running, running } from "./tiny-engine.ts";

describe("contracts that the chains tell", () => {
  test("need not be listed", async () => {
    const { engine, chains } = await running(true);
    chains[1].answer("eth_getCode", () => "0x60");
    chains[2].answer("eth_getCode", () => "0x60");
    expect(await findAddresses({ from: "chains" }, tiny, engine.nodes)).toEqual({ gate: GATE });
  });

  test("are told where the chains are no pair, and so is a list that is wrong", async () => {
    const { engine, chains } = await running(true);
    chains[1].answer("eth_getCode", () => "0x60");
    chains[2].answer("eth_getCode", () => "0x");
    await expect(findAddresses({ from: "chains" }, tiny, engine.nodes)).rejects.toMatchObject({
      code: "ADDRESSES_MISSING",
      message: "no contract addresses from the target's chains: a chain without a gate",
    });
    const listed = { from: "inline", addresses: { gate: "0x" } } as const;
    await expect(findAddresses(listed, tiny, engine.nodes)).rejects.toMatchObject({
      message: "no contract addresses from the target's addresses: gate is no address",
    });
  });
});

describe("a message that arrives as a transaction known by its hash", () => {
  test.each([true, false])(
    "is noticed also where its chain told it before the chain that it comes from (block receipts: %s)",
    async (hasBlockReceipts) => {
      const all = await running(hasBlockReceipts);
      const performing = begin(all);
      await settled();
      const deposit = all.chains[1].sent.at(-1)?.hash as TxHash;
      await mineArrival(all, deposit, AMOUNT - TOLL);
      const block = all.chains[2].head;
      expect(all.engine.watchers[2].readTo).toBe(block);
      await mineDeposit(all);
      all.chains[2].mine();
      await wakeAll(3);
      const { outcome, steps } = await performing;
      expect(outcome).toEqual({ kind: "succeeded" });
      // Booked in the block that it was in, and not in the one that it was told with.
      expect(steps[0]?.end).toMatchObject({ payout: { block, hash: arrivalOf(deposit) } });
      const { ledger, audit } = await prove(all.engine);
      expect([isConserved(ledger), audit.counts["paid once"]]).toEqual([true, 1]);
    },
  );

  test("brings nothing where it failed: the crossing is lost", async () => {
    const all = await running(true);
    const performing = begin(all);
    await settled();
    const deposit = await mineDeposit(all);
    all.chains[2].mine({ hash: arrivalOf(deposit), reverted: true });
    await wakeAll(2);
    expect((await performing).outcome).toEqual({ kind: "failed", reason: "relayed without a payout" });
    expect((await prove(all.engine)).audit.counts.lost).toBe(1);
  });

  test("is taken back by a reorganisation, and told again", async () => {
    const all = await running(true);
    const performing = begin(all);
    await settled();
    const deposit = await mineDeposit(all);
    all.chains[2].mine({ hash: arrivalOf(deposit) });
    await wakeAll(2);
    await performing;
    const came = (): bigint => all.engine.ledger.amount(all.child.address, 2, POINTS);
    expect(came()).toBe(AMOUNT - TOLL);
    all.chains[2].fork(1);
    all.chains[2].mine();
    all.chains[2].mine();
    await wakeAll(3);
    expect(came()).toBe(0n);
    all.chains[2].mine({ hash: arrivalOf(deposit) });
    await wakeAll(2);
    expect(came()).toBe(AMOUNT - TOLL);
  });

  test("takes a nonce of its receiver's, once, whatever is reorganised", async () => {
    const all = await running(true);
    const performing = begin(all);
    await settled();
    const deposit = await mineDeposit(all);
    await mineArrival(all, deposit, AMOUNT - TOLL);
    await performing;
    all.chains[2].fork(1);
    all.chains[2].mine();
    all.chains[2].mine({ hash: arrivalOf(deposit) });
    await wakeAll(3);
    const { engine, child } = all;
    const plan = { to: GATE, data: "0x", value: 1n, moves: [] };
    await engine.submitter.submit(child.account, 2, plan, { purpose: { kind: "recovery", code: "RF" } });
    expect(all.chains[2].sent.at(-1)?.nonce).toBe(1);
  });
});

/** A way back that was begun; its points are gone on the second chain. */
async function leaving() {
  const all = await running(true);
  const { chains, points, engine, child } = all;
  const path = join(ownFolder(), "op.log");
  const opLog = new OpLog(path);
  keepJournal(opLog, engine.stream);
  points[2].add(child.address, 0, AMOUNT);
  engine.ledger.setOpening(child.address, 2, { balance: 10n ** 18n, [POINTS]: AMOUNT });
  child.on = 2;
  const performing = perform(all, wayBack);
  await settled();
  const hash = chains[2].sent.at(-1)?.hash as TxHash;
  points[2].add(child.address, chains[2].head + 1, -AMOUNT);
  chains[2].mine({ hash, logs: [left(child.address, AMOUNT)], balances: { [child.address]: -feeAt() } });
  await wakeAll(2);
  const lines = (): string[] => readFileSync(path, "utf8").split("\n").slice(0, -1);
  return { ...all, performing, hash, lines };
}

/** Has the first chain go on to where the next step may come. */
async function ready({ engine, chains }: Running): Promise<void> {
  const { bridge } = engine as { bridge: { readyAt?: number } };
  bridge.readyAt = chains[1].head + 1;
  chains[1].mine();
  await wakeAll(3);
}

/** Mines the child's last transaction on the first chain. */
async function mineStep(all: Running, logs: readonly FakeLog[] = [], reverted = false) {
  const hash = all.chains[1].sent.at(-1)?.hash as TxHash;
  all.chains[1].mine({ hash, logs, reverted, balances: { [all.child.address]: -feeAt() } });
  await wakeAll(3);
  return hash;
}

describe("a crossing with steps between what it sends and its arrival", () => {
  test("is one operation, journaled step by step, booked and audited", async () => {
    const all = await leaving();
    await ready(all);
    const proved = await mineStep(all);
    all.points[1].add(all.child.address, all.chains[1].head + 1, AMOUNT - TOLL);
    const finalised = await mineStep(all, [back(all.hash, all.child.address, AMOUNT - TOLL)]);
    const performed = await all.performing;
    expect(performed.outcome).toEqual({ kind: "succeeded" });
    expect(performed.ownPhases?.map(([name]) => name)).toEqual(["provable", "taken"]);
    expect(performed.steps[0]?.end).toMatchObject({ kind: "paid", chain: 1, hash: finalised });
    expect(all.lines().filter((line) => line.startsWith("#"))).toEqual([
      `# left=TB child=000 by=${all.hash}`,
      `# prove=TB child=000 tx=${proved}`,
      `# finalize=TB child=000 tx=${finalised}`,
    ]);
    const { ledger, audit } = await prove(all.engine);
    expect(isConserved(ledger)).toBe(true);
    expect(audit.counts).toMatchObject({ "paid once": 1, "in flight": 0 });
    expect(ledger.chains[1]).toMatchObject({ causes: { [CAUSES.payout]: { [POINTS]: AMOUNT - TOLL } } });
  });

  test("is in flight until then", async () => {
    const all = await leaving();
    await ready(all);
    await mineStep(all);
    expect((await prove(all.engine)).audit.counts).toMatchObject({ "paid once": 0, "in flight": 1 });
  });

  test("goes on without a step that may fail", async () => {
    const all = await leaving();
    await ready(all);
    const first = await mineStep(all, [], true);
    const second = await mineStep(all);
    expect(second).not.toBe(first);
    await mineStep(all, [back(all.hash, all.child.address, AMOUNT - TOLL)]);
    expect((await all.performing).outcome).toEqual({ kind: "succeeded" });
  });

  test("that fails where it arrives is in flight, overdue or not, until somebody has it carried out", async () => {
    const all = await leaving();
    all.engine.audit.limits = { slowAfter: 1, overdueAfter: 1 };
    await ready(all);
    await mineStep(all);
    await mineStep(all, [failedBack(all.hash)]);
    expect((await all.performing).outcome).toEqual({
      kind: "failed",
      reason: "it failed where it arrived, and can be carried out once more",
    });
    all.clock.advance(60_000);
    expect((await prove(all.engine)).audit.counts).toMatchObject({ "in flight": 1, lost: 0 });
    all.points[1].add(all.child.address, all.chains[1].head + 1, AMOUNT - TOLL);
    all.chains[1].mine({
      hash: arrivalOf(all.hash),
      logs: [back(all.hash, all.child.address, AMOUNT - TOLL)],
    });
    await wakeAll(3);
    const { ledger, audit } = await prove(all.engine);
    expect([audit.counts["paid once"], isConserved(ledger)]).toEqual([1, true]);
  });
});
