import { toBeHex, toQuantity } from "ethers";
import { describe, expect, onTestFinished, test } from "vitest";
import { isConserved, prove } from "../../stress/engine/audit/index.ts";
import { type Chain, drawsOf, perChain, perChainAsync } from "../../stress/engine/base/index.ts";
import type { Performed } from "../../stress/engine/events.ts";
import type { TxHash } from "../../stress/engine/rpc/index.ts";
import { type Engine, startEngine } from "../../stress/engine/run/index.ts";
import { Child } from "../../stress/engine/run/child.ts";
import { Dispatcher } from "../../stress/engine/run/dispatcher.ts";
import { Performer } from "../../stress/engine/run/performer.ts";
import type { RunView } from "../../stress/protocols/operation.ts";
import { FakeChain, feeAt } from "../fakes/chain.ts";
import { FakeClock } from "../fakes/clock.ts";
import { account as funder } from "../fakes/submitting.ts";
import { resetTimers, settled, wakeAll } from "../fakes/timers.ts";
import { AMOUNT, arrivalOf, crossing, left, POINTS, readPoints, tiny, TinyBridge, TOLL } from "./tiny.ts";

const ETHER = 10n ** 18n;

const OPERATOR_WEI = 12_345n;

/** What accounts have of points on a chain, as of each block. */
class PointsBook {
  readonly #entries: { readonly account: string; readonly block: number; readonly amount: bigint }[] = [];

  add(account: string, block: number, amount: bigint): void {
    this.#entries.push({ account, block, amount });
  }

  answersOf(chain: FakeChain): void {
    chain.answer("eth_call", (call, block) => {
      const { data } = call as { data: string };
      const last = block === "latest" ? chain.head : Number(block);
      const own = this.#entries.filter((one) => readPoints(one.account) === data && one.block <= last);
      return toBeHex(
        own.reduce((sum, { amount }) => sum + amount, 0n),
        32,
      );
    });
  }
}

/** The engine on two fake chains with the tiny protocol, and a child that has 1 ETH and some points on the first. */
async function running(hasBlockReceipts: boolean) {
  const clock = new FakeClock();
  const chains = perChain(() => new FakeChain());
  const points = perChain(() => new PointsBook());
  const account = funder.deriveChild(1, 0);
  for (const chain of [1, 2] as const) {
    chains[chain].hasBlockReceipts = hasBlockReceipts;
    points[chain].answersOf(chains[chain]);
    chains[chain].genesis.set(account.address, ETHER);
  }
  points[1].add(account.address, 0, 3n * AMOUNT);
  const options = perChain((chain) => ({
    rpc: chains[chain],
    chainId: BigInt(chain),
    confirmations: 0,
    gasMultiplier: 1,
    deadAfter: 60_000,
    log: () => undefined,
  }));
  const { addresses } = tiny.pick({}) as { addresses: Record<string, string> };
  const engine = await startEngine({
    chains: options,
    protocol: tiny,
    addresses,
    funding: {},
    funder,
    clock,
  });
  onTestFinished(async () => {
    await perChainAsync((chain) => engine.watchers[chain].close());
    resetTimers();
  });
  const child = new Child(0, account, 1, engine.ledger);
  await engine.openAccounts([child.address]);
  await settled();
  return { clock, chains, points, engine, child };
}

type Running = Awaited<ReturnType<typeof running>>;

const viewOf = ({ bridge }: Engine, { address }: Child): RunView<TinyBridge> => {
  if (!(bridge instanceof TinyBridge)) throw new Error("another bridge was opened");
  return {
    bridge,
    funder: funder.address,
    children: [address],
    minimumBalance: 1n,
    feeBound: (_, gas) => gas,
    mayLeaveL2: () => true,
  };
};

/** What its receipt has of the operator's fee. */
const TOLD = { operatorFee: toQuantity(OPERATOR_WEI) };

/** Mines the child's deposit: it costs gas and the operator's fee, and takes points. */
async function mineDeposit({ chains, points, child }: Running, fields: object = TOLD): Promise<TxHash> {
  const hash = chains[1].sent.at(-1)?.hash as TxHash;
  points[1].add(child.address, chains[1].head + 1, -AMOUNT);
  chains[1].mine({
    hash,
    logs: [left(child.address, AMOUNT)],
    balances: { [child.address]: -feeAt() - OPERATOR_WEI },
    fields: { ...fields },
  });
  await wakeAll(2);
  return hash;
}

/** What a deposit becomes on the second chain: a transaction without any event. */
async function mineArrival(
  { chains, points, child }: Running,
  deposit: TxHash,
  brought: bigint,
): Promise<void> {
  points[2].add(child.address, chains[2].head + 1, brought);
  chains[2].mine({ hash: arrivalOf(deposit) });
  await wakeAll(2);
}

/** Performs the crossing of the child. */
function begin({ engine, child }: Running): Promise<Performed> {
  const { code, to } = crossing;
  const steps = crossing.steps(child, viewOf(engine, child), drawsOf(1, 0, 0));
  const { signal } = new AbortController();
  return new Performer(engine).perform(child, { code, to, account: child.account, steps, signal });
}

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
    expect([ledger.unaccounted, ledger.unaccountedTokens]).toEqual([{ 1: 0n, 2: 0n }, { [POINTS]: 0n }]);
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
    expect([ledger.unaccounted, ledger.unaccountedTokens]).toEqual([{ 1: 0n, 2: 0n }, { [POINTS]: -5n }]);
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
