import { atOnce, type Chain, type Clock, type PerChain, reasonOf, type Stream } from "../base/index.ts";
import type { Watcher } from "../chain/index.ts";
import type { EngineEvent } from "../events.ts";
import { type Asset, type Holding, isNothing, type Ledger, readHolding } from "../ledger/index.ts";
import type { Node } from "../rpc/index.ts";
import type { Nonces } from "../transactions/index.ts";

/** What accounts are taken up with. */
export interface Accounts {
  readonly nodes: PerChain<Node>;
  readonly watchers: PerChain<Pick<Watcher, "readTo" | "health">>;
  readonly clock: Pick<Clock, "sleep">;
  readonly ledger: Ledger;
  readonly assets: readonly Asset[];
  readonly nonces: Nonces;
}

const REOPEN_EVERY_MS = 1000;

/** Accounts that are taken up at once: what they are asked for by the thousand would fill hundreds of megabytes. */
const OPENED_AT_ONCE = 500;

/** Takes up accounts on one chain. */
export const openAccounts = (accounts: Accounts, opened: readonly string[], chain: Chain): Promise<void> =>
  atOnce(OPENED_AT_ONCE, opened, (one) => openAccount(accounts, one, chain));

/** Takes up an account on one chain: its nonce now, and what it has in the state that the watcher has read to. */
async function openAccount(accounts: Accounts, address: string, chain: Chain): Promise<void> {
  const nonce = accounts.nodes[chain].nextNonce(address);
  const isNew = nonce.then((next) => next === 0);
  const [next] = await Promise.all([nonce, openPage(accounts, address, chain, isNew)]);
  accounts.nonces.open(address, chain, next);
}

/**
 * What only senders have is not read of an account that sent nothing and has nothing else: of thousands of new children that is most of what
 * there is to ask. Both have to say so: the node that tells the nonce may lag behind.
 */
async function openingHolding(
  assets: readonly Asset[],
  address: string,
  chain: Chain,
  block: number,
  isNew: Promise<boolean>,
): Promise<Holding> {
  const read = (isOfSenders: boolean): Promise<Holding> => {
    const some = assets.filter((asset) => (asset.isOfSenders ?? false) === isOfSenders);
    return readHolding(some, address, chain, block);
  };
  const held = await read(false);
  return (await isNew) && isNothing(held) ? held : { ...held, ...(await read(true)) };
}

async function openPage(
  { ledger, watchers, assets }: Accounts,
  address: string,
  chain: Chain,
  isNew: Promise<boolean> = Promise.resolve(false),
): Promise<void> {
  const block = watchers[chain].readTo;
  ledger.open(address, chain, block);
  const holding = await openingHolding(assets, address, chain, block, isNew);
  // A reorganisation may have had it taken up again meanwhile, as of an earlier block.
  if (ledger.page(address, chain)?.openedAt === block) ledger.setOpening(address, chain, holding);
}

/** An account that was taken up in a block that is gone is taken up again as of the last block that is not. */
export function reopenAfterReorganisations(
  accounts: Accounts,
  stream: Stream<EngineEvent>,
  log: (chain: Chain, line: string) => void,
): void {
  stream.subscribe("accounts", {
    reorganisation: ({ chain, commonBlock }) => {
      for (const address of accounts.ledger.openedAfter(chain, commonBlock)) {
        void reopen(accounts, address, chain, (line) => log(chain, line));
      }
    },
  });
}

/** Asks until it is answered, as long as the endpoint is not dead: without its opening an account has nothing. */
async function reopen(
  accounts: Accounts,
  address: string,
  chain: Chain,
  log: (line: string) => void,
): Promise<void> {
  for (;;) {
    try {
      await openPage(accounts, address, chain);
      return;
    } catch (error) {
      log(`WARNING cannot read what ${address} had before the reorganisation: ${reasonOf(error)}`);
      if (accounts.watchers[chain].health.deadFor !== undefined) return;
      await accounts.clock.sleep(REOPEN_EVERY_MS);
    }
  }
}
