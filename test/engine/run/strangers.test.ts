import { toQuantity } from "ethers";
import { expect, test } from "vitest";
import type { StressError } from "../../../stress/engine/base/index.ts";
import { AccountGuard } from "../../../stress/engine/run/index.ts";
import { transfer } from "../../../stress/engine/transactions/index.ts";
import { Funder } from "../../../fixtures/purse/funder.ts";
import { deadEndpoint, nodeError } from "../../fakes/chain.ts";
import { OPENING, other, reconciling } from "../../fakes/reconciling.ts";
import { account } from "../../fakes/submitting.ts";
import { hurry, wakeAll } from "../../fakes/timers.ts";

/** A run's funder on two fake chains, and what its guard told. */
async function guarded() {
  const all = await reconciling();
  const { engine, chain } = all;
  /** Transactions of the funder that L1 has mined, whoever sent them. */
  const count = { value: 0 };
  chain.answer("eth_getTransactionCount", (address) =>
    toQuantity(address === account.address ? count.value : 0),
  );
  const told: StressError[] = [];
  const guard = new AccountGuard(engine, account.address, (error) => told.push(error));
  await hurry(guard.begin());
  const pay = async (): Promise<void> => {
    await all.pay();
    count.value++;
  };
  return { ...all, guard, told, pay, count, close: () => hurry(guard.close()) };
}

test("a funder that nobody else uses is as it should be, what it sends included", async () => {
  const { pay, told, close } = await guarded();
  for (let times = 0; times < 3; times++) {
    await pay();
    await wakeAll(3);
  }
  await close();
  expect(told).toEqual([]);
});

test("a transaction of its own in a block that nobody was told of yet is none of a stranger's", async () => {
  const { engine, chain, told, count, close } = await guarded();
  await hurry(
    engine.submitter.submit(account, 1, transfer(other.address, 5n), { purpose: { kind: "filler" } }),
  );
  count.value = 1;
  const closing = close();
  chain.minePending();
  await closing;
  expect(told).toEqual([]);
});

test.each([
  ["the first", 0],
  ["a later", 2],
])("%s nonce that somebody else used is told at the next look, once, as what it is", async (_, own) => {
  const { pay, told, count, close, pass } = await guarded();
  for (let times = 0; times < own; times++) await pay();
  count.value++;
  await pass(1);
  await wakeAll(3);
  expect(told).toHaveLength(1);
  expect(told[0]?.code).toBe("FUNDER_SHARED");
  for (const part of [account.address, `nonce ${own} on L1`, "funder of its own"])
    expect(told[0]?.render()).toContain(part);
  count.value++;
  await close();
  expect(told).toHaveLength(1);
});

test("a count of a branch that a reorganisation has replaced by the next look is none of a stranger's", async () => {
  const { chain, told, close } = await guarded();
  let looks = 0;
  chain.answer("eth_getTransactionCount", () => toQuantity(++looks === 1 ? 1 : 0));
  await close();
  expect(looks).toBeGreaterThan(1);
  expect(told).toEqual([]);
});

test("is told at the end at the latest, and not before where the endpoint does not answer", async () => {
  const { chain, told, count, close } = await guarded();
  const real = (): string => toQuantity(count.value);
  count.value = 1;
  chain.answer("eth_getTransactionCount", () => {
    throw deadEndpoint();
  });
  await wakeAll(20);
  expect(told).toEqual([]);
  chain.answer("eth_getTransactionCount", real);
  await close();
  expect(told).toHaveLength(1);
});

test("the funder's own go on with the next nonce where somebody else used theirs", async () => {
  const { engine, chain, count } = await guarded();
  chain.answer("eth_sendRawTransaction", (...params) => {
    if (count.value === 0) {
      count.value = 1;
      throw nodeError("nonce too low: next nonce 1, tx nonce 0");
    }
    const hash = chain.real("eth_sendRawTransaction", params);
    chain.minePending();
    return hash;
  });
  const sending = new Funder(engine).send(
    1,
    "XX",
    transfer(other.address, OPENING / 10n),
    new AbortController().signal,
  );
  expect(await hurry(sending)).toMatchObject({ succeeded: true });
  expect(chain.sent.map(({ nonce }) => nonce)).toEqual([1]);
});
