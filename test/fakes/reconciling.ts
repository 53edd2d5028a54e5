import { onTestFinished } from "vitest";
import { perChain } from "../../stress/engine/base/chain.ts";
import { BALANCE } from "../../stress/engine/ledger/index.ts";
import { startEngine } from "../../stress/engine/run/index.ts";
import { transfer } from "../../stress/engine/transactions/index.ts";
import { ovm2 } from "../../stress/protocols/ovm2/index.ts";
import { SETUP } from "./bridge.ts";
import { FakeChain, hashOf } from "./chain.ts";
import { FakeClock } from "./clock.ts";
import { addressOf } from "./contracts.ts";
import { account, purpose } from "./submitting.ts";
import { hurry, resetTimers, settled, wakeAll } from "./timers.ts";

/** What each account has on each chain at first. Wei. */
export const OPENING = 10n ** 18n;

export const STRANGER = addressOf(80);

/** The run's second account. */
export const other = account.deriveChild(1, 1);

/** An engine on two fake chains on which two accounts have 1 ETH each; L1 is where things happen. */
export async function reconciling() {
  const chains = perChain(() => new FakeChain());
  for (const chain of [chains[1], chains[2]])
    for (const { address } of [account, other]) chain.genesis.set(address, OPENING);
  const options = perChain((chain) => ({
    rpc: chains[chain],
    chainId: BigInt(chain),
    confirmations: 0,
    gasMultiplier: 1,
    deadAfter: 60_000,
    log: () => undefined,
  }));
  const setup = { ...SETUP, chains: options, protocol: ovm2, funder: account, clock: new FakeClock() };
  const engine = await hurry(startEngine(setup));
  await hurry(engine.openAccounts([account.address, other.address]));
  onTestFinished(async () => {
    await engine.close();
    resetTimers();
  });
  const [chain] = [chains[1]];

  /** Sends a payment to the other account, and has it mined and read. */
  const pay = async (value = 5n): Promise<void> => {
    const plan = transfer(other.address, value);
    await hurry(engine.submitter.submit(account, 1, plan, { purpose }));
    chain.minePending();
    await wakeAll();
  };

  /** A payout that the books have, and that brought less, or more, than its event says. */
  const payout = async (label: string, told: bigint, brought: bigint): Promise<number> => {
    const hash = hashOf(label);
    chain.mine({ hash, balances: { [account.address]: brought } });
    await wakeAll();
    const entry = { asset: BALANCE, amount: told, block: chain.head, hash, cause: "payout" } as const;
    engine.ledger.add(account.address, 1, entry);
    return chain.head;
  };

  /** A stranger's payment as a block has it. */
  const gift = (label: string, value: bigint) => ({
    hash: hashOf(label),
    transfer: { from: STRANGER, to: account.address, value },
    balances: { [account.address]: value },
  });

  const pass = async (blocks: number): Promise<void> => {
    for (let block = 0; block < blocks; block++) chain.mine();
    await wakeAll(1 + Math.ceil(blocks / 25));
    await settled();
  };
  return { chain, chains, engine, pay, payout, gift, pass };
}
