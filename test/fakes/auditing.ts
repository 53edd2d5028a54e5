import { Audit, Inquiries } from "../../stress/engine/audit/index.ts";
import type { Chain } from "../../stress/engine/base/index.ts";
import { Ledger } from "../../stress/engine/ledger/index.ts";
import { keepBooks, Transactions } from "../../stress/engine/transactions/index.ts";
import { bridgeOn, newStream, nodesOf } from "./bridge.ts";
import { FakeChain, type FakeLog, hashOf } from "./chain.ts";
import { FakeClock } from "./clock.ts";
import { addressOf, contracts } from "./contracts.ts";
import { DEPOSIT, MESSENGER, sentCrossing } from "./crossings.ts";
import { eventLog, idOf, relayed, sent } from "./events.ts";
import { opened } from "./net.ts";
import { account } from "./submitting.ts";
import { settled, wakeAll } from "./timers.ts";
import { watching } from "./watching.ts";

/** The bridge's payout of a slow exit. */
export const withdrawal = (amount = DEPOSIT, to = account.address): FakeLog =>
  eventLog(contracts.bridge[1], "L1StandardBridge", "ETHWithdrawalFinalized", [
    addressOf(80),
    to,
    amount,
    "0x",
  ]);

/** An audit of two fake chains; the account is the run's only one, and has nothing. */
export async function auditing() {
  const clock = new FakeClock();
  const chains = { 1: new FakeChain(), 2: new FakeChain() };
  const stream = newStream();
  const watchers = {
    1: (await watching(chains[1], { chain: 1, stream }, clock)).watcher,
    2: (await watching(chains[2], { chain: 2, stream }, clock)).watcher,
  };
  const ledger = new Ledger();
  keepBooks(ledger, stream);
  for (const chain of [1, 2] as const) opened(ledger, account.address, chain);
  const transactions = new Transactions(watchers, stream, clock);
  const bridge = await bridgeOn(chains);
  const nodes = nodesOf(chains);
  const inquiries = new Inquiries({ bridge, nodes, watchers, clock });
  const audit = new Audit({ bridge, stream, ledger, clock, inquiries });
  let relays = 0;

  const mine = async (chain: Chain, label: string, ...logs: readonly FakeLog[]): Promise<void> => {
    chains[chain].mine({ hash: hashOf(label), logs });
    await wakeAll();
  };

  /** Sends a slow exit, whose deposit is mined and sends this message. */
  const deposit = async (number: number) => {
    const followed = { ...sentCrossing("SX", number), who: number, startedAt: clock.now() };
    const { transaction } = followed;
    transactions.register(transaction, transaction.version);
    audit.follow(followed);
    chains[2].mine({ hash: transaction.hash, logs: [sent(MESSENGER[2], number)] });
    await wakeAll();
    return transaction;
  };

  /** Relays a message on L1, with what its target did. */
  const relay = (number: number, ...logs: readonly FakeLog[]): Promise<void> =>
    mine(1, `relay ${relays++}`, ...logs, relayed(MESSENGER[1], idOf(number)));

  /** Lets hours pass, and as many blocks as it takes for old crossings to be looked at. */
  const hours = async (count: number): Promise<void> => {
    clock.advance(count * 3_600_000);
    for (let block = 0; block < 64; block++) chains[2].mine();
    await wakeAll(4);
    await settled();
  };
  return {
    chains,
    clock,
    stream,
    bridge,
    nodes,
    watchers,
    ledger,
    transactions,
    audit,
    mine,
    deposit,
    relay,
    hours,
  };
}
