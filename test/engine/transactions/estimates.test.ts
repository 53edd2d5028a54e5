import { toQuantity } from "ethers";
import { describe, expect, test } from "vitest";
import { NodeError } from "../../../stress/engine/rpc/index.ts";
import type { TransactionPlan } from "../../../stress/engine/transactions/plan.ts";
import { Estimates } from "../../../stress/engine/transactions/estimates.ts";
import { account, call, submitting } from "../../fakes/submitting.ts";
import { hurry, wakeAll } from "../../fakes/timers.ts";

const steady: TransactionPlan = { ...call, isSteady: true };

async function estimating() {
  const { chain, chains, clock } = await submitting();
  const estimates = new Estimates(chains, clock);
  const of = (plan: TransactionPlan): Promise<bigint> => estimates.of(1, account.address, plan, undefined);
  return { chain, estimates, of };
}

describe("an estimate", () => {
  test("is asked for once, of calls that differ in who sends how much", async () => {
    const { chain, of } = await estimating();
    chain.answer("eth_estimateGas", () => toQuantity(90_000n));
    const all = await Promise.all([of(steady), of({ ...steady, value: 77n }), of(steady)]);
    expect([...all, await of(steady)]).toEqual([90_000n, 90_000n, 90_000n, 90_000n]);
    expect(chain.asked("eth_estimateGas")).toBe(1);
  });

  test.each([
    ["another method", { data: "0x12345679" }],
    ["other data", { data: "0x1234567800" }],
    ["another contract", { to: account.address }],
  ])("is another one for %s", async (_, other) => {
    const { chain, of } = await estimating();
    await of(steady);
    await of({ ...steady, ...other });
    expect(chain.asked("eth_estimateGas")).toBe(2);
  });

  test("is each call's own where nothing says that they are alike", async () => {
    const { chain, of } = await estimating();
    await of(call);
    await of(call);
    expect(chain.asked("eth_estimateGas")).toBe(2);
  });

  test("is asked for anew after some blocks, and after one of them reverted", async () => {
    const { chain, estimates, of } = await estimating();
    await of(steady);
    estimates.forget(1, steady);
    await of(steady);
    expect(chain.asked("eth_estimateGas")).toBe(2);
    for (let block = 0; block < 40; block++) {
      chain.mine();
      await wakeAll();
    }
    await of(steady);
    expect(chain.asked("eth_estimateGas")).toBe(3);
  });

  test("that fails is that call's alone: others ask for theirs", async () => {
    const { chain, of } = await estimating();
    const [poor, rich] = [5n, 6n];
    chain.answer("eth_estimateGas", (given) => {
      if (BigInt((given as { value: string }).value) === poor)
        throw new NodeError({ code: 3, message: "execution reverted" });
      return toQuantity(90_000n);
    });
    const asked = Promise.allSettled([of({ ...steady, value: poor }), of({ ...steady, value: rich })]);
    const [failed, good] = await hurry(asked);
    expect(failed).toMatchObject({ status: "rejected" });
    expect(good).toEqual({ status: "fulfilled", value: 90_000n });
    expect(await of({ ...steady, value: rich })).toBe(90_000n);
  });
});
