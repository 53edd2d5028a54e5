import { expect, test } from "vitest";
import { Pools } from "../../../stress/protocols/ovm2/pools.ts";
import { nodesOf } from "../../fakes/bridge.ts";
import { FakeChain } from "../../fakes/chain.ts";
import { contracts } from "../../fakes/contracts.ts";

/** Pools of 1000 wei on L1 and 2000 on L2, as of the chains' heads. */
async function pools(): Promise<Pools> {
  const chains = { 1: new FakeChain(), 2: new FakeChain() };
  chains[1].poolBalance = 1000n;
  chains[2].poolBalance = 2000n;
  const read = new Pools(nodesOf(chains), contracts);
  for (const chain of [1, 2] as const) await read.read(chain, chains[chain].head);
  return read;
}

test("what a pool can pay out is what it holds less what it owes, by chain", async () => {
  const own = await pools();
  own.owe(1, 5n);
  own.owe(1, 7n);
  own.owe(2, 100n);
  expect([own.free(1), own.free(2)]).toEqual([988n, 1900n]);
  expect([own.balance(1), own.balance(2)]).toEqual([1000n, 2000n]);
});

test("what is owed of a pool is released as it was set aside", async () => {
  const own = await pools();
  const release = own.owe(1, 5n);
  own.owe(1, 7n);
  release();
  expect(own.free(1)).toBe(993n);
});
