import { parseEther } from "ethers";
import { describe, expect, test } from "vitest";
import { CHAINS } from "../../../stress/engine/base/chain.ts";
import { POOL_ABI, POOL_ETH } from "../../../stress/protocols/ovm2/contracts.ts";
import { drawsOf } from "../../../stress/engine/base/random.ts";
import { addLiquidity } from "../../../stress/protocols/ovm2/operations/add-liquidity.ts";
import { payment } from "../../../stress/protocols/payment.ts";
import { removeLiquidity } from "../../../stress/protocols/ovm2/operations/remove-liquidity.ts";
import { contracts } from "../../fakes/contracts.ts";
import { childWith, netWith } from "../../fakes/net.ts";

const draws = drawsOf(1, 0, 0);
const net = netWith();

describe("a payment", () => {
  const child = childWith({ balance: { 1: parseEther("1") } });

  test("is a plain transfer of exactly 21000 gas", () => {
    expect(payment.build(child, net, draws)).toMatchObject({ data: "0x", gas: 21_000n });
  });

  test("is a tenth of the balance less up to 65535 wei", () => {
    const tenth = parseEther("0.1");
    const values = Array.from(
      { length: 200 },
      (_, turn) => payment.build(child, net, drawsOf(1, 0, turn)).value,
    );
    for (const value of values) {
      expect(value).toBeLessThanOrEqual(tenth);
      expect(value).toBeGreaterThanOrEqual(tenth - 65_535n);
    }
    expect(new Set(values).size).toBeGreaterThan(190);
  });

  test("is a tenth exactly where the jitter drawn is 0, and 65535 less where it is greatest", () => {
    const values = [0, 1 - Number.EPSILON].map((draw) => payment.build(child, net, () => draw).value);
    expect(values).toEqual([parseEther("0.1"), parseEther("0.1") - 65_535n]);
  });

  test("goes to any other child, and never to itself", () => {
    const payees = Array.from(
      { length: 200 },
      (_, turn) => payment.build(child, net, drawsOf(1, 0, turn)).to,
    );
    expect(new Set(payees)).toEqual(new Set(net.children.filter((address) => address !== child.address)));
  });

  test("is booked as what it is", () => {
    const { to, value, movement } = payment.build(child, net, draws);
    expect(movement).toEqual({ kind: "payment", to, amount: value });
  });

  test("of next to nothing is never negative", () => {
    const poor = childWith({ balance: { 1: 100n } });
    expect(payment.build(poor, net, () => 0.5).value).toBe(0n);
  });

  test("can be made where the balance bears it", () => {
    expect(payment.ready(child, net)).toBeUndefined();
  });

  test("is refused where fees would not be left", () => {
    const poor = childWith({ balance: { 1: 21_000n * 10n ** 9n } });
    expect(payment.ready(poor, net)).toBe("balance below fees");
  });

  test("is refused where there is nobody else", () => {
    expect(payment.ready(child, netWith({ children: [child.address] }))).toBe("no other child");
  });
});

describe.each(CHAINS)("adding liquidity on chain %i", (on) => {
  const child = childWith({ on, balance: { [on]: 1001n * 10n ** 15n + 3n } });

  test("stakes a quarter of the balance", () => {
    const { value, movement } = addLiquidity.build(child, net);
    const amount = (1001n * 10n ** 15n + 3n) / 4n;
    expect([value, movement]).toEqual([amount, { kind: "stake", amount }]);
  });

  test("calls addLiquidity of the chain's pool for ETH", () => {
    const { to, data, value } = addLiquidity.build(child, net);
    expect(to).toBe(contracts.pool[on]);
    expect([...POOL_ABI[on].decodeFunctionData("addLiquidity", data)]).toEqual([value, POOL_ETH[on]]);
  });

  test("applies only where nothing is staked", () => {
    expect(addLiquidity.applies(child)).toBe(true);
    expect(addLiquidity.applies(childWith({ on, stake: { [on]: 1n } }))).toBe(false);
  });

  test("is refused where the rest would not pay its fees", () => {
    expect(addLiquidity.ready(child, net)).toBeUndefined();
    expect(addLiquidity.ready(childWith({ on, balance: { [on]: 10n ** 14n } }), net)).toBe(
      "balance below fees",
    );
  });
});

describe.each(CHAINS)("removing liquidity on chain %i", (on) => {
  const child = childWith({ on, stake: { [on]: 500n } });

  test("withdraws the whole stake to the child", () => {
    const amount = 500n;
    expect(removeLiquidity.build(child, net)).toMatchObject({
      to: contracts.pool[on],
      value: 0n,
      movement: { kind: "unstake", amount, to: child.address },
    });
  });

  test("calls withdrawLiquidity of the chain's pool for ETH", () => {
    const { data } = removeLiquidity.build(child, net);
    expect([...POOL_ABI[on].decodeFunctionData("withdrawLiquidity", data)]).toEqual([
      500n,
      POOL_ETH[on],
      child.address,
    ]);
  });

  test("applies only where something is staked on this chain", () => {
    expect(removeLiquidity.applies(child)).toBe(true);
    expect(removeLiquidity.applies(childWith({ on, stake: { [3 - on]: 500n } }))).toBe(false);
  });

  test("is refused where the pool owes what it has", () => {
    expect(removeLiquidity.ready(child, netWith({ poolFree: () => 500n }))).toBeUndefined();
    expect(removeLiquidity.ready(child, netWith({ poolFree: () => 499n }))).toBe("the pool owes too much");
  });
});
