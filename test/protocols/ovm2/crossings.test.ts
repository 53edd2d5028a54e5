import { MaxUint256, parseEther } from "ethers";
import { describe, expect, test } from "vitest";
import { BALANCE } from "../../../stress/engine/ledger/index.ts";
import { ABI } from "../../../stress/protocols/ovm2/contracts.ts";
import { PREDEPLOYS } from "../../../stress/protocols/ovm2/predeploys.ts";
import { fastExit } from "../../../stress/protocols/ovm2/operations/fast-exit.ts";
import { fastOnramp } from "../../../stress/protocols/ovm2/operations/fast-onramp.ts";
import { removeLiquidity } from "../../../stress/protocols/ovm2/operations/remove-liquidity.ts";
import { slowExit } from "../../../stress/protocols/ovm2/operations/slow-exit.ts";
import { slowOnramp } from "../../../stress/protocols/ovm2/operations/slow-onramp.ts";
import { addressOf, contracts } from "../../fakes/contracts.ts";
import { childWith, runWith } from "../../fakes/net.ts";
import { receiptOf } from "../../fakes/receipts.ts";
import { firstStep } from "../../fakes/steps.ts";
import { crossingMoves } from "../../../stress/protocols/ovm2/moves.ts";
import { FAST, SLOW, TOKENS } from "../../../stress/protocols/ovm2/operation.ts";

const run = runWith();
const AMOUNT = parseEther("0.975");
const [L1, L2] = [
  childWith({ on: 1, balance: { 1: parseEther("1") } }),
  childWith({ on: 2, balance: { 2: parseEther("1") } }),
];

describe.each([
  { operation: fastOnramp, child: L1, way: FAST },
  { operation: slowOnramp, child: L1, way: SLOW },
  { operation: fastExit, child: L2, way: FAST },
  { operation: slowExit, child: L2, way: SLOW },
])("$operation.name", ({ operation, child, way }) => {
  test("takes along all but the minimum balance", async () => {
    const { chain, plan, crossing } = await firstStep(operation, child, run);
    expect(chain).toBe(child.on);
    expect(plan.moves).toEqual(crossingMoves(AMOUNT));
    expect(crossing).toEqual({ way, asset: BALANCE, amount: AMOUNT });
  });

  test("leaves behind its fees where they are more than the minimum balance", async () => {
    const dear = runWith({ feeBound: () => parseEther("0.4") });
    const { plan, crossing } = await firstStep(operation, child, dear);
    expect(plan.moves).toEqual(crossingMoves(parseEther("0.6")));
    expect(crossing?.amount).toBe(parseEther("0.6"));
  });

  test("can run where there is something to take along", () => {
    expect(operation.ready(child, run)).toBeUndefined();
  });

  test("is refused where nothing is above the minimum balance", () => {
    const poor = childWith({ on: child.on, balance: { [child.on]: run.minimumBalance } });
    expect(operation.ready(poor, run)).toBe("nothing above the minimum balance");
  });
});

describe("what is sent", () => {
  test("by a fast onramp is clientDepositL1 of the L1 pool, with the amount as value", async () => {
    const { to, value, data } = (await firstStep(fastOnramp, L1, run)).plan;
    expect([to, value]).toEqual([contracts.pool[1], AMOUNT]);
    const [amount, token] = ABI.L1LiquidityPool.decodeFunctionData("clientDepositL1", data);
    expect([amount, token]).toEqual([0n, "0x0000000000000000000000000000000000000000"]);
  });

  test("by a slow onramp is depositETH of the L1 bridge with 8,000,000 L2 gas", async () => {
    const { to, value, data } = (await firstStep(slowOnramp, L1, run)).plan;
    expect([to, value]).toEqual([contracts.bridge[1], AMOUNT]);
    expect([...ABI.L1StandardBridge.decodeFunctionData("depositETH", data)]).toEqual([8_000_000n, "0x"]);
  });

  test("by a fast exit is clientDepositL2 of the L2 pool, with the amount as value", async () => {
    const { to, value, data } = (await firstStep(fastExit, L2, run)).plan;
    expect([to, value]).toEqual([contracts.pool[2], AMOUNT]);
    expect([...ABI.L2LiquidityPool.decodeFunctionData("clientDepositL2", data)]).toEqual([
      AMOUNT,
      PREDEPLOYS.eth,
    ]);
  });

  test("by a slow exit is withdraw of the L2 bridge, without a value", async () => {
    const { to, value, data } = (await firstStep(slowExit, L2, run)).plan;
    expect([to, value]).toEqual([PREDEPLOYS.standardBridge, 0n]);
    const [token, amount] = ABI.L2StandardBridge.decodeFunctionData("withdraw", data);
    expect([token, amount]).toEqual([PREDEPLOYS.eth, AMOUNT]);
  });
});

describe("a fast crossing", () => {
  test.each([
    { operation: fastExit, child: L2, pool: 1, reason: "over half of the L1 pool" },
    { operation: fastOnramp, child: L1, pool: 2, reason: "over half of the L2 pool" },
  ])("$operation.name is refused where it is $reason", ({ operation, child, pool, reason }) => {
    const poolFree = (free: bigint) => (chain: number) => (chain === pool ? free : 0n);
    expect(operation.ready(child, runWith({}, { poolFree: poolFree(2n * AMOUNT) }))).toBeUndefined();
    expect(operation.ready(child, runWith({}, { poolFree: poolFree(2n * AMOUNT - 1n) }))).toBe(reason);
  });

  test.each([
    [fastExit, "SX"],
    [fastOnramp, "SO"],
  ])("of code %o falls back to %s", (operation, code) => {
    expect(operation.fallback).toBe(code);
  });
});

test.each([fastExit, slowExit])("$name is refused where one in five must stay", (operation) => {
  expect(operation.ready(L2, runWith({ mayLeaveL2: () => false }))).toBe("one in five stays on L2");
});

describe("a pool's exit fee", () => {
  const token = addressOf(50);
  const EXIT_FEE = { token, amount: 10n };
  const fee = runWith({}, { exitFee: EXIT_FEE });

  test("is asked of the child's tokens", () => {
    expect(fastExit.ready(childWith({ on: 2, balance: { 2: AMOUNT }, tokens: 10n }), fee)).toBeUndefined();
    expect(fastExit.ready(childWith({ on: 2, balance: { 2: AMOUNT }, tokens: 9n }), fee)).toBe(
      "no tokens for the exit fee",
    );
  });

  test("is booked with the exit", async () => {
    const approved = runWith({}, { exitFee: EXIT_FEE, approvals: new Set([L2.address]) });
    const { plan, note } = await firstStep(fastExit, L2, approved);
    expect(plan.moves).toEqual(crossingMoves(AMOUNT, 10n));
    expect(plan.moves).toContainEqual({ asset: TOKENS, amount: -10n, cause: "exit fee" });
    expect(note).toBeUndefined();
  });

  test("is approved before a child's first exit, to the L2 pool", async () => {
    const { chain, plan, note, crossing } = await firstStep(fastExit, L2, fee);
    expect([chain, note, crossing]).toEqual([2, { name: "approval" }, undefined]);
    expect(plan).toMatchObject({ to: token, value: 0n, moves: [] });
    const [spender, amount] = ABI.ERC20.decodeFunctionData("approve", plan.data);
    expect([spender, amount]).toEqual([contracts.pool[2], MaxUint256]);
  });

  test("is approved once for each child: the exit follows, and the next one needs no approval", async () => {
    const approvals = new Set<string>();
    const first = runWith({}, { exitFee: EXIT_FEE, approvals });
    const steps = fastExit.steps(L2, first, () => 0);
    await steps.next();
    expect(approvals).toEqual(new Set());
    const receipt = receiptOf();
    const { value: exit } = await steps.next({ kind: "mined", receipt, latest: () => receipt });
    expect(exit).toMatchObject({ kind: "send", crossing: { way: FAST, amount: AMOUNT } });
    expect(approvals).toEqual(new Set([L2.address]));
    await steps.return();
    expect((await firstStep(fastExit, L2, first)).note).toBeUndefined();
  });

  test("is not approved where the approval failed, and not where there is none", async () => {
    const approvals = new Set<string>();
    const failing = runWith({}, { exitFee: EXIT_FEE, approvals });
    // A step that failed ends its operation: the generator is ended where it stands.
    expect((await firstStep(fastExit, L2, failing)).note).toEqual({ name: "approval" });
    expect(approvals).toEqual(new Set());
    expect((await firstStep(fastExit, L2, run)).note).toBeUndefined();
  });
});

describe.each([
  { operation: fastExit, child: L2, pool: 1 },
  { operation: fastOnramp, child: L1, pool: 2 },
  { operation: removeLiquidity, child: childWith({ on: 1, stake: { 1: AMOUNT } }), pool: 1 },
])("what $operation.name will take out of a pool", ({ operation, child, pool }) => {
  test("is set aside from its first step on, until it is over however it ends", async () => {
    const owed: [chain: number, amount: bigint][] = [];
    const owing = runWith(
      {},
      {
        owe: (chain, amount) => {
          const entry: [number, bigint] = [chain, amount];
          owed.push(entry);
          return () => void owed.splice(owed.indexOf(entry), 1);
        },
      },
    );
    const steps = operation.steps(child, owing, () => 0);
    await steps.next();
    expect(owed).toEqual([[pool, AMOUNT]]);
    await steps.return();
    expect(owed).toEqual([]);
  });
});
