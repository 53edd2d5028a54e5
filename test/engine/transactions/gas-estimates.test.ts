import { toQuantity } from "ethers";
import { describe, expect, test } from "vitest";
import { GasEstimates } from "../../../stress/engine/transactions/gas-estimates.ts";
import type { TransactionPlan } from "../../../stress/engine/transactions/plan.ts";
import { deadEndpoint, nodeError } from "../../fakes/chain.ts";
import { addressOf } from "../../fakes/contracts.ts";
import { account, call, submitting } from "../../fakes/submitting.ts";
import { hurry, settled, wakeAll } from "../../fakes/timers.ts";
import { soFar } from "../../fakes/watching.ts";

const alike: TransactionPlan = { ...call, alike: true };

/** Estimates of one chain, that say 100,000 at first. */
async function estimating() {
  const { chain, chains, clock, watcher } = await submitting();
  const estimates = new GasEstimates(chains, clock);
  let told: bigint | Error = 100_000n;
  chain.answer("eth_estimateGas", () => {
    if (told instanceof Error) throw told;
    return toQuantity(told);
  });
  const of = (plan = alike) => hurry(estimates.of(1, account.address, plan, undefined));
  /** Asks so often, one after the other, and says how many of these the node was asked. */
  const asks = async (times: number, plan = alike): Promise<number> => {
    const before = chain.asked("eth_estimateGas");
    for (let time = 0; time < times; time++) await of(plan);
    return chain.asked("eth_estimateGas") - before;
  };
  const blocks = async (count: number): Promise<void> => {
    for (let block = 0; block < count; block++) chain.mine();
    while (watcher.head.number < chain.head) await wakeAll();
  };
  const tells = (answer: bigint | Error): void => {
    told = answer;
  };
  return { estimates, of, asks, blocks, tells };
}

describe("calls that are alike", () => {
  test("are estimated eight times, and then the most that one of them takes holds for the others", async () => {
    const { of, asks, tells } = await estimating();
    await asks(3);
    tells(120_000n);
    expect(await of()).toBe(120_000n);
    tells(90_000n);
    expect([await of(), await asks(10)]).toEqual([120_000n, 3]);
    expect(await of()).toBe(120_000n);
  });

  /** Asks so often at once; the node's answers come when they are let go, so many at a time. */
  async function together(times: number) {
    const { chain, chains, clock } = await submitting();
    const estimates = new GasEstimates(chains, clock);
    const held: ((answer: unknown) => void)[] = [];
    chain.answer("eth_estimateGas", () => new Promise((resolve) => held.push(resolve)));
    const told = Array.from({ length: times }, () =>
      soFar(estimates.of(1, account.address, alike, undefined)),
    );
    await settled();
    const answer = async (count: number, gas: bigint): Promise<void> => {
      for (const resolve of held.splice(0, count)) resolve(toQuantity(gas));
      await settled();
    };
    const values = (): (bigint | undefined)[] => told.map(({ value }) => value);
    return { asked: () => chain.asked("eth_estimateGas"), held, answer, values };
  }

  test("are estimated eight times where hundreds come at once: the others wait for four of these, and for no more", async () => {
    const { asked, answer, values } = await together(300);
    expect(asked()).toBe(8);
    await answer(3, 100_000n);
    expect(values().filter((gas) => gas !== undefined)).toHaveLength(3);
    await answer(1, 130_000n);
    expect(values().filter((gas) => gas === 130_000n)).toHaveLength(1 + 300 - 8);
    await answer(4, 110_000n);
    expect([asked(), values().includes(undefined)]).toEqual([8, false]);
  });

  test("are estimated by those that wait, where those that were first cannot be", async () => {
    const { chain, chains, clock } = await submitting();
    const estimates = new GasEstimates(chains, clock);
    const poor = addressOf(77);
    chain.answer("eth_estimateGas", (trial) => {
      if ((trial as { from: string }).from === poor) throw nodeError("execution reverted");
      return toQuantity(100_000n);
    });
    const callers = [...Array<string>(8).fill(poor), ...Array<string>(12).fill(account.address)];
    const asked = callers.map((from) => estimates.of(1, from, alike, undefined));
    const told = await hurry(Promise.allSettled(asked));
    expect(told.map((one) => (one.status === "fulfilled" ? one.value : "refused"))).toEqual([
      ...Array<string>(8).fill("refused"),
      ...Array<bigint>(12).fill(100_000n),
    ]);
  });

  test.each<[string, Partial<TransactionPlan>]>([
    ["another contract", { to: addressOf(91) }],
    ["another function", { data: "0x12345679" }],
    ["more data", { data: "0x12345678ff" }],
    ["no ETH", { value: 0n }],
  ])("are other calls where they have %s", async (_, other) => {
    const { asks } = await estimating();
    await asks(20);
    expect([await asks(20, { ...alike, ...other }), await asks(20)]).toEqual([8, 0]);
  });

  test("are estimated once more after fifty blocks, and have what that says where it is more", async () => {
    const { of, asks, blocks, tells } = await estimating();
    await asks(8);
    await blocks(49);
    expect(await asks(5)).toBe(0);
    await blocks(1);
    tells(150_000n);
    expect([await of(), await asks(5), await of()]).toEqual([150_000n, 0, 150_000n]);
  });

  test("go by what is known where no node tells any more", async () => {
    const { of, asks, blocks, tells } = await estimating();
    await asks(8);
    await blocks(50);
    tells(deadEndpoint());
    expect(await of()).toBe(100_000n);
  });

  test("are refused by an estimate that says that they cannot be", async () => {
    const { of, asks, blocks, tells } = await estimating();
    await asks(8);
    await blocks(50);
    tells(nodeError("execution reverted"));
    await expect(of()).rejects.toThrow("gas estimate: execution reverted");
    expect(await of()).toBe(100_000n);
  });

  test("are estimated anew where one of them failed", async () => {
    const { estimates, asks } = await estimating();
    await asks(8);
    estimates.forget(1, alike);
    expect(await asks(20)).toBe(8);
  });
});

test("a call that is like no other is estimated each time, and one whose gas is known never", async () => {
  const { asks } = await estimating();
  expect([await asks(20, call), await asks(20, { ...alike, gas: 70_000n })]).toEqual([20, 0]);
});
