import { isTransfer } from "../../../stress/engine/transactions/plan.ts";
import { parseEther } from "ethers";
import { describe, expect, test } from "vitest";
import { CHAINS } from "../../../stress/engine/base/chain.ts";
import { POOL_ABI, POOL_ETH } from "../../../stress/protocols/ovm2/contracts.ts";
import { drawsOf } from "../../../stress/engine/base/random.ts";
import { addLiquidity } from "../../../stress/protocols/ovm2/operations/add-liquidity.ts";
import { payment } from "../../../stress/protocols/payment.ts";
import { removeLiquidity } from "../../../stress/protocols/ovm2/operations/remove-liquidity.ts";
import { movesOf, paymentMoves } from "../../../stress/engine/transactions/index.ts";
import type { Draws } from "../../../stress/engine/base/index.ts";
import type { ChildView } from "../../../stress/protocols/operation.ts";
import { stakeMoves, unstakeMoves } from "../../../stress/protocols/ovm2/moves.ts";
import { contracts } from "../../fakes/contracts.ts";
import { childWith, runWith } from "../../fakes/net.ts";
import { firstStep } from "../../fakes/steps.ts";

const draws = drawsOf(1, 0, 0);
const TURNS = Array.from({ length: 200 }, (_, turn) => turn);
const run = runWith();

const paid = async (child: ChildView, own: Draws = draws) => (await firstStep(payment, child, run, own)).plan;

describe("a payment", () => {
  const child = childWith({ balance: { 1: parseEther("1") } });

  test("is a plain transfer, whose gas is what its recipient takes", async () => {
    const plan = await paid(child);
    expect([isTransfer(plan), plan.data, plan.gas]).toEqual([true, "0x", undefined]);
  });

  test("is a tenth of the balance less up to 65535 wei", async () => {
    const tenth = parseEther("0.1");
    const plans = await Promise.all(TURNS.map((turn) => paid(child, drawsOf(1, 0, turn))));
    const values = plans.map(({ value }) => value);
    for (const value of values) {
      expect(value).toBeLessThanOrEqual(tenth);
      expect(value).toBeGreaterThanOrEqual(tenth - 65_535n);
    }
    expect(new Set(values).size).toBeGreaterThan(190);
  });

  test("is a tenth exactly where the jitter drawn is 0, and 65535 less where it is greatest", async () => {
    const plans = await Promise.all([0, 1 - Number.EPSILON].map((draw) => paid(child, () => draw)));
    expect(plans.map(({ value }) => value)).toEqual([parseEther("0.1"), parseEther("0.1") - 65_535n]);
  });

  test("goes to any other child, and never to itself", async () => {
    const plans = await Promise.all(TURNS.map((turn) => paid(child, drawsOf(1, 0, turn))));
    const payees = plans.map(({ to }) => to);
    expect(new Set(payees)).toEqual(new Set(run.children.filter((address) => address !== child.address)));
  });

  test("is booked as what it is", async () => {
    const plan = await paid(child);
    expect(movesOf(plan)).toEqual(paymentMoves(plan.to, plan.value));
  });

  test("of next to nothing is never negative", async () => {
    const poor = childWith({ balance: { 1: 100n } });
    expect((await paid(poor, () => 0.5)).value).toBe(0n);
  });

  test("can be made where the balance bears it", () => {
    expect(payment.ready(child, run)).toBeUndefined();
  });

  test("is refused where fees would not be left", () => {
    const poor = childWith({ balance: { 1: 21_000n * 10n ** 9n } });
    expect(payment.ready(poor, run)).toBe("balance below fees");
  });

  test("is refused where there is nobody else", () => {
    expect(payment.ready(child, runWith({ children: [child.address] }))).toBe("no other child");
  });
});

describe.each(CHAINS)("adding liquidity on chain %i", (on) => {
  const child = childWith({ on, balance: { [on]: 1001n * 10n ** 15n + 3n } });

  test("stakes a quarter of the balance", async () => {
    const { chain, plan } = await firstStep(addLiquidity, child, run);
    const amount = (1001n * 10n ** 15n + 3n) / 4n;
    expect([chain, plan.value, plan.moves]).toEqual([on, amount, stakeMoves(amount)]);
  });

  test("calls addLiquidity of the chain's pool for ETH", async () => {
    const { to, data, value } = (await firstStep(addLiquidity, child, run)).plan;
    expect(to).toBe(contracts.pool[on]);
    expect([...POOL_ABI[on].decodeFunctionData("addLiquidity", data)]).toEqual([value, POOL_ETH[on]]);
  });

  test("applies only where nothing is staked", () => {
    expect(addLiquidity.applies?.(child)).toBe(true);
    expect(addLiquidity.applies?.(childWith({ on, stake: { [on]: 1n } }))).toBe(false);
  });

  test("is refused where the rest would not pay its fees", () => {
    expect(addLiquidity.ready(child, run)).toBeUndefined();
    expect(addLiquidity.ready(childWith({ on, balance: { [on]: 10n ** 14n } }), run)).toBe(
      "balance below fees",
    );
  });
});

describe.each(CHAINS)("removing liquidity on chain %i", (on) => {
  const child = childWith({ on, stake: { [on]: 500n } });

  test("withdraws the whole stake to the child", async () => {
    const { chain, plan } = await firstStep(removeLiquidity, child, run);
    expect(chain).toBe(on);
    expect(plan).toMatchObject({
      to: contracts.pool[on],
      value: 0n,
      moves: unstakeMoves(500n, child.address),
    });
  });

  test("calls withdrawLiquidity of the chain's pool for ETH", async () => {
    const { data } = (await firstStep(removeLiquidity, child, run)).plan;
    expect([...POOL_ABI[on].decodeFunctionData("withdrawLiquidity", data)]).toEqual([
      500n,
      POOL_ETH[on],
      child.address,
    ]);
  });

  test("applies only where something is staked on this chain", () => {
    expect(removeLiquidity.applies?.(child)).toBe(true);
    expect(removeLiquidity.applies?.(childWith({ on, stake: { [3 - on]: 500n } }))).toBe(false);
  });

  test("is refused where the pool owes what it has", () => {
    expect(removeLiquidity.ready(child, runWith({}, { poolFree: () => 500n }))).toBeUndefined();
    expect(removeLiquidity.ready(child, runWith({}, { poolFree: () => 499n }))).toBe(
      "the pool owes too much",
    );
  });
});
