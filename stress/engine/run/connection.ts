import { setTimeout as sleep } from "node:timers/promises";
import { payoutEvents } from "../../protocols/ovm2/operations.ts";
import { Account } from "../transactions/account.ts";
import { Audit } from "../audit/audit.ts";
import { CHAINS, type Chain, type PerChain, perChain, perChainAsync } from "../base/chain.ts";
import type { Clock } from "../base/clock.ts";
import { ABI, type Contracts, POOL_ABI } from "../../protocols/ovm2/contracts.ts";
import { reasonOf } from "../base/errors.ts";
import { type ExitFee, readExitFee } from "../../protocols/ovm2/exit-fee.ts";
import { readHolding } from "../ledger/read-holding.ts";
import { Ledger } from "../ledger/ledger.ts";
import { Nonces } from "../transactions/nonces.ts";
import { quantity } from "../rpc/receipt.ts";
import { Reorganisations } from "../chain/reorganisations.ts";
import { Resender } from "../transactions/resender.ts";
import { patient, patiently, type Rpc } from "../rpc/rpc.ts";
import { Submitter } from "../transactions/submitter.ts";
import { Transactions } from "../transactions/transactions.ts";
import { Watcher } from "../chain/watcher.ts";

/** One chain as the engine is told of it. */
export interface ChainOptions {
  readonly rpc: Rpc;
  readonly chainId: bigint;
  readonly confirmations: number;
  readonly gasMultiplier: number;
  /** An endpoint that has not answered for this long is dead, in milliseconds. */
  readonly deadAfter: number;
  /** Takes the watcher's lines (`logs/watcher-L<n>.log`). */
  readonly log: (line: string) => void;
}

/** Everything the engine has of a target: both chains watched and ready to send to. */
export interface Connection {
  readonly contracts: Contracts;
  readonly clock: Clock;
  readonly rpcs: PerChain<Rpc>;
  readonly watchers: PerChain<Watcher>;
  readonly reorganisations: Reorganisations;
  readonly transactions: Transactions;
  readonly submitter: Submitter;
  readonly resender: Resender;
  readonly ledger: Ledger;
  readonly audit: Audit;
  /** What a fast exit costs in tokens; undefined: nothing. */
  readonly exitFee: ExitFee | undefined;
  readonly funder: Account;
  /** Takes up accounts: their nonces, balances and stakes as the chains have them, in one batch per chain. */
  openAccounts(addresses: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

const REOPEN_EVERY_MS = 1000;

/** How long a payout that came before its deposit's receipt is remembered. Milliseconds. */
const REMEMBER_MS = 1_800_000;

/** Connects the engine to both chains; the watchers run from here on. */
export async function connect(
  chains: PerChain<ChainOptions>,
  contracts: Contracts,
  funder: Account,
  clock: Clock,
): Promise<Connection> {
  const watchers = perChain((chain) => watcherOf(chain, chains[chain], contracts, clock));
  const nonces = new Nonces();
  const ledger = new Ledger();
  const senders = perChain((chain) => ({ ...chains[chain], watcher: watchers[chain] }));
  // The watchers and the submitter repeat by rules of their own.
  const rpcs = perChain((chain) =>
    patient(chains[chain].rpc, { isDead: () => watchers[chain].health.deadFor !== undefined }),
  );
  // Each listens to the watchers in this order: the books are right before anybody is told.
  const transactions = new Transactions(watchers, ledger);
  const audit = new Audit({ contracts, rpcs, watchers, transactions, ledger, clock });
  const reorganisations = new Reorganisations(watchers);
  const submitter = new Submitter(senders, nonces, transactions);
  const resender = new Resender(senders, transactions, submitter, clock, chains[1].log);
  await perChainAsync((chain) => patiently(rpcs[chain], () => watchers[chain].start()));
  const exitFee = await readExitFee(rpcs[2], contracts);
  const opening = { rpcs, contracts, exitFee, ledger, nonces, watchers };
  for (const chain of CHAINS) reopenAfterReorganisations(opening, chain, chains[chain].log);
  return {
    contracts,
    clock,
    rpcs,
    watchers,
    reorganisations,
    transactions,
    submitter,
    resender,
    ledger,
    audit,
    exitFee,
    funder,
    openAccounts: async (addresses) => {
      await Promise.all(
        CHAINS.flatMap((chain) => addresses.map((address) => openAccount(opening, address, chain))),
      );
    },
    close: async () => {
      await perChainAsync((chain) => watchers[chain].close());
      await resender.close();
      await perChainAsync((chain) => rpcs[chain].close());
    },
  };
}

type Opening = Pick<Connection, "rpcs" | "contracts" | "exitFee" | "ledger" | "watchers"> & {
  readonly nonces: Nonces;
};

/** Takes up an account on one chain: its nonce now, and what it has in the state that the watcher has read to. */
async function openAccount(opening: Opening, address: string, chain: Chain): Promise<void> {
  const { rpcs, nonces } = opening;
  const [count] = await Promise.all([
    rpcs[chain].send("eth_getTransactionCount", [address, "pending"]),
    openPage(opening, address, chain),
  ]);
  nonces.open(address, chain, Number(quantity(count)));
}

async function openPage(opening: Opening, address: string, chain: Chain): Promise<void> {
  const { ledger, watchers } = opening;
  const block = watchers[chain].readTo;
  ledger.open(address, chain, block);
  const holding = await readHolding(opening, address, chain, block);
  // A reorganisation may have had it taken up again meanwhile, as of an earlier block.
  if (ledger.page(address, chain)?.openedAt === block) ledger.setOpening(address, chain, holding);
}

/** An account that was taken up in a block that is gone is taken up again as of the last block that is not. */
function reopenAfterReorganisations(opening: Opening, chain: Chain, log: (line: string) => void): void {
  const { ledger, watchers } = opening;
  watchers[chain].onReorganisation(({ commonBlock }) => {
    for (const address of ledger.openedAfter(chain, commonBlock)) {
      void reopen(opening, address, chain, log);
    }
  });
}

/** Asks until it is answered, as long as the endpoint is not dead: without its opening an account has nothing. */
async function reopen(
  opening: Opening,
  address: string,
  chain: Chain,
  log: (line: string) => void,
): Promise<void> {
  for (;;) {
    try {
      await openPage(opening, address, chain);
      return;
    } catch (error) {
      log(`WARNING cannot read what ${address} had before the reorganisation: ${reasonOf(error)}`);
      if (opening.watchers[chain].health.deadFor !== undefined) return;
      await sleep(REOPEN_EVERY_MS);
    }
  }
}

/** A watcher for all that crossings, pools and the batch submitter leave on a chain. */
function watcherOf(
  chain: Chain,
  { rpc, confirmations, deadAfter, log }: ChainOptions,
  contracts: Contracts,
  clock: Clock,
): Watcher {
  const events = payoutEvents(chain, contracts);
  const batches = batchEvents(chain, contracts);
  const messengers = contracts.messengers[chain].map((address) => address.toLowerCase());
  const sent = ABI.CrossDomainMessenger.getEvent("SentMessage")?.topicHash ?? "";
  const pool = contracts.pool[chain];
  // All that changes a pool's money: its fee depends on it.
  const poolTopics = POOL_ABI[chain].fragments.flatMap((fragment) =>
    fragment.type === "event" ? (POOL_ABI[chain].getEvent(fragment.format("sighash"))?.topicHash ?? []) : [],
  );
  const interest = {
    addresses: [...new Set([...events.addresses, pool.toLowerCase(), ...messengers, ...batches.addresses])],
    topics: [...new Set([...events.topics, ...poolTopics, sent, ...batches.topics])],
  };
  return new Watcher({
    chain,
    rpc,
    clock,
    confirmations,
    interest,
    pool,
    rememberFor: REMEMBER_MS,
    deadAfter,
    log,
  });
}

/** The events by which the batches of the rollup's batch submitter are noticed on L1. */
function batchEvents(chain: Chain, { addresses: { ctc, scc } }: Contracts) {
  if (chain === 2) return { addresses: [], topics: [] };
  const events = [
    ABI.CanonicalTransactionChain.getEvent("SequencerBatchAppended"),
    ABI.StateCommitmentChain.getEvent("StateBatchAppended"),
  ];
  return {
    addresses: [ctc.toLowerCase(), scc.toLowerCase()],
    topics: events.flatMap((event) => (event === null ? [] : [event.topicHash])),
  };
}
