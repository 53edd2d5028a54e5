import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { LeastBalances } from "../../fixtures/local-stack/least-balances.ts";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** Balances that tell how often one was read. */
function balancesOf(wei: bigint) {
  const chain = { wei, reads: 0 };
  const balances = new LeastBalances(async () => {
    chain.reads++;
    return chain.wei;
  });
  /** As who sends does it. */
  const pays = async (cost: bigint): Promise<boolean> =>
    balances.spend("0xa", cost) || (await balances.spendAnew("0xa", cost)) >= cost;
  return { chain, balances, pays };
}

test("an account is read once, and again where what it has left may not be enough", async () => {
  const { chain, pays } = balancesOf(10n);
  expect([await pays(4n), await pays(4n), chain.reads]).toEqual([true, true, 1]);
  // Two are left if both were mined; neither may have been.
  expect([await pays(4n), chain.reads]).toEqual([true, 2]);
});

test("an account that has too little is read each time", async () => {
  const { chain, pays } = balancesOf(3n);
  expect([await pays(4n), await pays(4n), chain.reads]).toEqual([false, false, 2]);
  chain.wei = 4n;
  expect([await pays(4n), chain.reads]).toEqual([true, 3]);
});

test("an account is read again some seconds later, and where it was changed", async () => {
  const { chain, balances, pays } = balancesOf(100n);
  await pays(1n);
  balances.forget("0xa");
  chain.wei = 0n;
  expect([await pays(1n), chain.reads]).toEqual([false, 2]);
  chain.wei = 100n;
  await pays(1n);
  await vi.advanceTimersByTimeAsync(6000);
  await pays(1n);
  expect(chain.reads).toBe(4);
});
