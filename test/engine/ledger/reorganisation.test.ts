import * as fc from "fast-check";
import { expect, test, vi } from "vitest";
import { reconcile } from "../../../stress/engine/audit/proofs.ts";
import { transfer } from "../../../stress/engine/transactions/index.ts";
import { runs } from "../../fakes/property.ts";
import { GWEI } from "../../fakes/chain.ts";
import { other, reconciling } from "../../fakes/reconciling.ts";
import { account, purpose } from "../../fakes/submitting.ts";
import { hurry, settled, slept, wakeAll } from "../../fakes/timers.ts";

const step = fc.oneof(
  fc.record({
    kind: fc.constant("pay" as const),
    isBack: fc.boolean(),
    wei: fc.bigInt({ min: 1n, max: 99n }),
  }),
  fc.record({
    kind: fc.constant("mine" as const),
    price: fc.bigInt({ min: 1n, max: 9n }),
    reverted: fc.boolean(),
  }),
  fc.record({ kind: fc.constant("empty" as const), blocks: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ kind: fc.constant("fork" as const), depth: fc.integer({ min: 1, max: 10 }) }),
  fc.record({ kind: fc.constant("read" as const) }),
);

test("whatever is mined, taken back and mined again, the books are those of the chain", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
      const { chain, engine } = await reconciling();
      let highest = chain.head;
      for (const one of steps) {
        if (one.kind === "pay") {
          const [from, to] = one.isBack ? [other, account] : [account, other];
          const plan = transfer(to.address, one.wei);
          await hurry(engine.submitter.submit(from, 1, plan, { purpose }));
        }
        if (one.kind === "mine") chain.minePending({ price: one.price * GWEI, reverted: one.reverted });
        if (one.kind === "empty") for (let block = 0; block < one.blocks; block++) chain.mine();
        if (one.kind === "fork") chain.fork(Math.min(one.depth, chain.head));
        if (one.kind === "read") await wakeAll();
        highest = Math.max(highest, chain.head);
      }
      // The branch that is left becomes the longest, or nobody could know of it.
      while (chain.head <= highest) chain.mine();
      await wakeAll(5);
      await settled();
      const books = await hurry(reconcile(engine, 1));
      expect(books).toMatchObject({ kind: "reconciled", block: chain.head, differences: [] });
      expect(books).not.toHaveProperty(["causes", "from strangers"]);
      await engine.close();
    }),
    runs(60),
  );
});

test("a state of a branch that nobody told of yet is not taken for the books' own", async () => {
  const { chain, engine, pay } = await reconciling();
  await pay();
  chain.fork(1);
  for (let block = 0; block < 2; block++) chain.mine();
  expect(await engine.watchers[1].isCurrent()).toBe(false);
  const books = await hurry(reconcile(engine, 1));
  expect(books).toMatchObject({ kind: "reconciled", differences: [] });
  expect(await engine.watchers[1].isCurrent()).toBe(true);
});

test("a reorganisation is waited for that a watcher sees late, as a node was silent, whatever the other chain does", async () => {
  const { chain, engine, pay } = await reconciling();
  await pay();
  chain.fork(1);
  for (let block = 0; block < 2; block++) chain.mine();
  const answer = chain.send.bind(chain);
  const silence = Promise.withResolvers<void>();
  vi.spyOn(chain, "send").mockImplementation(async (method, params) => {
    // The watcher's own question: nothing is asked twice meanwhile.
    if (method === "eth_blockNumber") await silence.promise;
    return answer(method, params);
  });
  const books = reconcile(engine, 1);
  const looked = slept.length;
  const waited = (): number => slept.slice(looked).reduce((sum, ms) => sum + (ms === 5000 ? ms : 0), 0);
  for (let round = 0; round < 100 && waited() < 35_000; round++) {
    engine.stream.publish({ kind: "reorganisation", chain: 2, commonBlock: 0, depth: 1 });
    await wakeAll();
  }
  silence.resolve();
  expect(await hurry(books)).toMatchObject({ kind: "reconciled", differences: [] });
});
