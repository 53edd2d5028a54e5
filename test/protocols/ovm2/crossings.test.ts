import { MaxUint256, parseEther } from "ethers";
import { describe, expect, test } from "vitest";
import { ABI } from "../../../stress/protocols/ovm2/contracts.ts";
import { PREDEPLOYS } from "../../../stress/protocols/ovm2/predeploys.ts";
import { fastExit } from "../../../stress/protocols/ovm2/operations/fast-exit.ts";
import { fastOnramp } from "../../../stress/protocols/ovm2/operations/fast-onramp.ts";
import { slowExit } from "../../../stress/protocols/ovm2/operations/slow-exit.ts";
import { slowOnramp } from "../../../stress/protocols/ovm2/operations/slow-onramp.ts";
import { addressOf, contracts } from "../../fakes/contracts.ts";
import { childWith, netWith } from "../../fakes/net.ts";

const net = netWith();
const AMOUNT = parseEther("0.975");
const [L1, L2] = [
  childWith({ on: 1, balance: { 1: parseEther("1") } }),
  childWith({ on: 2, balance: { 2: parseEther("1") } }),
];

describe.each([
  { operation: fastOnramp, child: L1 },
  { operation: slowOnramp, child: L1 },
  { operation: fastExit, child: L2 },
  { operation: slowExit, child: L2 },
])("$operation.name", ({ operation, child }) => {
  test("takes along all but the minimum balance", () => {
    expect(operation.build(child, net).movement).toEqual({ kind: "crossing", amount: AMOUNT });
  });

  test("leaves behind its fees where they are more than the minimum balance", () => {
    const { movement } = operation.build(child, netWith({ feeBound: () => parseEther("0.4") }));
    expect(movement).toEqual({ kind: "crossing", amount: parseEther("0.6") });
  });

  test("can run where there is something to take along", () => {
    expect(operation.ready(child, net)).toBeUndefined();
  });

  test("is refused where nothing is above the minimum balance", () => {
    const poor = childWith({ on: child.on, balance: { [child.on]: net.minimumBalance } });
    expect(operation.ready(poor, net)).toBe("nothing above the minimum balance");
  });
});

describe("what is sent", () => {
  test("by a fast onramp is clientDepositL1 of the L1 pool, with the amount as value", () => {
    const { to, value, data } = fastOnramp.build(L1, net);
    expect([to, value]).toEqual([contracts.pool[1], AMOUNT]);
    const [amount, token] = ABI.L1LiquidityPool.decodeFunctionData("clientDepositL1", data);
    expect([amount, token]).toEqual([0n, "0x0000000000000000000000000000000000000000"]);
  });

  test("by a slow onramp is depositETH of the L1 bridge with 8,000,000 L2 gas", () => {
    const { to, value, data } = slowOnramp.build(L1, net);
    expect([to, value]).toEqual([contracts.bridge[1], AMOUNT]);
    expect([...ABI.L1StandardBridge.decodeFunctionData("depositETH", data)]).toEqual([8_000_000n, "0x"]);
  });

  test("by a fast exit is clientDepositL2 of the L2 pool, with the amount as value", () => {
    const { to, value, data } = fastExit.build(L2, net);
    expect([to, value]).toEqual([contracts.pool[2], AMOUNT]);
    expect([...ABI.L2LiquidityPool.decodeFunctionData("clientDepositL2", data)]).toEqual([
      AMOUNT,
      PREDEPLOYS.eth,
    ]);
  });

  test("by a slow exit is withdraw of the L2 bridge, without a value", () => {
    const { to, value, data } = slowExit.build(L2, net);
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
    expect(operation.ready(child, netWith({ poolFree: poolFree(2n * AMOUNT) }))).toBeUndefined();
    expect(operation.ready(child, netWith({ poolFree: poolFree(2n * AMOUNT - 1n) }))).toBe(reason);
  });

  test.each([
    [fastExit, "SX"],
    [fastOnramp, "SO"],
  ])("of code %o falls back to %s", (operation, code) => {
    expect(operation.fallback).toBe(code);
  });
});

test.each([fastExit, slowExit])("$name is refused where one in five must stay", (operation) => {
  expect(operation.ready(L2, netWith({ mayLeaveL2: () => false }))).toBe("one in five stays on L2");
});

describe("a pool's exit fee", () => {
  const token = addressOf(50);
  const fee = netWith({ exitFee: { token, amount: 10n } });

  test("is asked of the child's tokens", () => {
    expect(fastExit.ready(childWith({ on: 2, balance: { 2: AMOUNT }, tokens: 10n }), fee)).toBeUndefined();
    expect(fastExit.ready(childWith({ on: 2, balance: { 2: AMOUNT }, tokens: 9n }), fee)).toBe(
      "no tokens for the exit fee",
    );
  });

  test("is booked with the exit", () => {
    expect(fastExit.build(L2, fee).movement).toEqual({ kind: "crossing", amount: AMOUNT, exitFee: 10n });
  });

  test("is approved before a child's first exit, to the L2 pool", () => {
    const plan = fastExit.prepare(L2, fee);
    expect(plan).toMatchObject({ to: token, value: 0n, movement: { kind: "nothing" } });
    const [spender, amount] = ABI.ERC20.decodeFunctionData("approve", plan?.data ?? "0x");
    expect([spender, amount]).toEqual([contracts.pool[2], MaxUint256]);
  });

  test("is not approved again, and not where there is none", () => {
    const approved = childWith({ on: 2 });
    approved.exitFeeApproved = true;
    expect([fastExit.prepare(approved, fee), fastExit.prepare(L2, net)]).toEqual([undefined, undefined]);
  });
});
