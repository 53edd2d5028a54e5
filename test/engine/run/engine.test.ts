import { toQuantity } from "ethers";
import { describe, expect, test } from "vitest";
import { reconcile } from "../../../stress/engine/audit/proofs.ts";
import { eventsOf } from "../../fakes/bridge.ts";
import { hashOf } from "../../fakes/chain.ts";
import { OPENING, reconciling } from "../../fakes/reconciling.ts";
import { account } from "../../fakes/submitting.ts";
import { hurry, settled, wakeAll } from "../../fakes/timers.ts";

const child = account.deriveChild(1, 9).address;

describe("an account that is taken up in a block that a reorganisation takes back", () => {
  test("is taken up again as of the last block that stays", async () => {
    const { chain, engine } = await reconciling();
    chain.mine({ hash: hashOf("gift"), balances: { [child]: 30n } });
    await wakeAll();
    await hurry(engine.openAccounts([child]));
    expect(engine.ledger.balance(child, 1)).toBe(30n);
    chain.fork(1);
    chain.mine();
    chain.mine();
    await wakeAll(3);
    expect(engine.ledger.page(child, 1)).toMatchObject({ openedAt: 9, opening: { balance: 0n } });
    expect(await hurry(reconcile(engine, 1))).toMatchObject({ differences: [] });
  });

  test("has what it had then, also where the first answer comes last", async () => {
    const { chain, engine } = await reconciling();
    chain.mine({ hash: hashOf("gift"), balances: { [child]: 30n } });
    await wakeAll();
    const late = Promise.withResolvers<string>();
    chain.answer("eth_getBalance", (...params) =>
      params[0] === child && params[1] === toQuantity(10)
        ? late.promise
        : chain.real("eth_getBalance", params),
    );
    const opening = engine.openAccounts([child]);
    await settled();
    chain.fork(1);
    chain.mine();
    chain.mine();
    await wakeAll(3);
    late.resolve(toQuantity(30));
    await hurry(opening);
    expect(engine.ledger.balance(child, 1)).toBe(0n);
  });
});

test.each([1, 2] as const)(
  "reorganisations of chain %i are told, counted, and known to who waits",
  async (number) => {
    const { chains, engine } = await reconciling();
    const { reorganisations, stream } = engine;
    const told = eventsOf(stream, "reorganisation");
    const [before, chain] = [reorganisations.next, chains[number]];
    for (let block = 0; block < 12; block++) chain.mine();
    await wakeAll();
    expect(before.aborted).toBe(false);
    chain.fork(10);
    for (let block = 0; block < 11; block++) chain.mine();
    await wakeAll(3);
    expect(told).toEqual([{ kind: "reorganisation", chain: number, commonBlock: 11, depth: 10 }]);
    expect(reorganisations.count).toBe(1);
    expect([before.aborted, reorganisations.next.aborted]).toEqual([true, false]);
    expect(engine.watchers[number].readTo).toBe(22);
    expect(engine.ledger.balance(account.address, number)).toBe(OPENING);
  },
);
