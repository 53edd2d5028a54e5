import { toQuantity } from "ethers";
import { describe, expect, test, vi } from "vitest";
import { reconcile } from "../../../stress/engine/ledger/reconcile.ts";
import { hashOf } from "../../fakes/chain.ts";
import { OPENING, reconciling } from "../../fakes/reconciling.ts";
import { account } from "../../fakes/submitting.ts";
import { hurry, settled, wakeAll } from "../../fakes/timers.ts";

vi.mock("node:timers/promises", () => import("../../fakes/timers.ts"));

const child = account.deriveChild(1, 9).address;

describe("an account that is taken up in a block that a reorganisation takes back", () => {
  test("is taken up again as of the last block that stays", async () => {
    const { chain, connection } = await reconciling();
    chain.mine({ hash: hashOf("gift"), balances: { [child]: 30n } });
    await wakeAll();
    await hurry(connection.openAccounts([child]));
    expect(connection.ledger.balance(child, 1)).toBe(30n);
    chain.fork(1);
    chain.mine();
    chain.mine();
    await wakeAll(3);
    expect(connection.ledger.page(child, 1)).toMatchObject({ openedAt: 9, opening: { balance: 0n } });
    expect(await hurry(reconcile(connection, 1))).toMatchObject({ differences: [] });
  });

  test("has what it had then, also where the first answer comes last", async () => {
    const { chain, connection } = await reconciling();
    chain.mine({ hash: hashOf("gift"), balances: { [child]: 30n } });
    await wakeAll();
    const late = Promise.withResolvers<string>();
    chain.answer("eth_getBalance", (...params) =>
      params[0] === child && params[1] === toQuantity(10)
        ? late.promise
        : chain.real("eth_getBalance", params),
    );
    const opening = connection.openAccounts([child]);
    await settled();
    chain.fork(1);
    chain.mine();
    chain.mine();
    await wakeAll(3);
    late.resolve(toQuantity(30));
    await hurry(opening);
    expect(connection.ledger.balance(child, 1)).toBe(0n);
  });
});

test.each([1, 2] as const)("reorganisations of chain %i are kept, and tell who waits", async (number) => {
  const { chains, connection } = await reconciling();
  const { reorganisations } = connection;
  const [before, chain] = [reorganisations.next, chains[number]];
  for (let block = 0; block < 12; block++) chain.mine();
  await wakeAll();
  expect(before.aborted).toBe(false);
  chain.fork(10);
  for (let block = 0; block < 11; block++) chain.mine();
  await wakeAll(3);
  expect(reorganisations.seen).toEqual([{ chain: number, commonBlock: 11, depth: 10 }]);
  expect([before.aborted, reorganisations.next.aborted]).toEqual([true, false]);
  expect(connection.watchers[number].readTo).toBe(22);
  expect(connection.ledger.balance(account.address, number)).toBe(OPENING);
});
