import { payoutEvents } from "../operations/index.ts";
import { Account } from "./account.ts";
import { CHAINS, type Chain, type PerChain, perChain, perChainAsync } from "./chain.ts";
import type { Clock } from "./clock.ts";
import { ABI, type Contracts } from "./contracts.ts";
import { type ExitFee, readExitFee } from "./exit-fee.ts";
import { Ledger } from "./ledger.ts";
import { Nonces } from "./nonces.ts";
import { poolShare } from "./pool-share.ts";
import { quantity } from "./receipt.ts";
import { patient, patiently, type Rpc } from "./rpc.ts";
import { Submitter } from "./submitter.ts";
import { tokenBalance } from "./token.ts";
import { Watcher } from "./watcher.ts";

/** One chain as the engine is told of it. */
export interface ChainOptions {
  readonly rpc: Rpc;
  readonly chainId: bigint;
  readonly confirmations: number;
  readonly gasMultiplier: number;
  /** Takes the watcher's lines (`logs/watcher-L<n>.log`). */
  readonly log: (line: string) => void;
}

/** Everything the engine has of a target: both chains watched and ready to send to. */
export interface Connection {
  readonly contracts: Contracts;
  readonly clock: Clock;
  readonly rpcs: PerChain<Rpc>;
  readonly watchers: PerChain<Watcher>;
  readonly submitter: Submitter;
  readonly ledger: Ledger;
  /** What a fast exit costs in tokens; undefined: nothing. */
  readonly exitFee: ExitFee | undefined;
  readonly funder: Account;
  /** Takes up accounts: their nonces, balances and stakes as the chains have them, in one batch per chain. */
  openAccounts(addresses: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

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
  const rpcs = perChain((chain) => patient(chains[chain].rpc));
  await perChainAsync((chain) => patiently(rpcs[chain], () => watchers[chain].start()));
  const exitFee = await readExitFee(rpcs[2], contracts);
  const readers = { rpcs, contracts, nonces, ledger, exitFee };
  return {
    contracts,
    clock,
    rpcs,
    watchers,
    submitter: new Submitter(senders, nonces),
    ledger,
    exitFee,
    funder,
    openAccounts: async (addresses) => {
      await Promise.all(
        CHAINS.flatMap((chain) => addresses.map((address) => openAccount(readers, address, chain))),
      );
    },
    close: async () => {
      await perChainAsync((chain) => watchers[chain].close());
      await perChainAsync((chain) => rpcs[chain].close());
    },
  };
}

/** Takes up an account on one chain: its nonce, balance, stake and fee tokens. */
async function openAccount(
  {
    rpcs,
    contracts,
    nonces,
    ledger,
    exitFee,
  }: Pick<Connection, "rpcs" | "contracts" | "ledger" | "exitFee"> & {
    readonly nonces: Nonces;
  },
  address: string,
  chain: Chain,
): Promise<void> {
  const [count, balance, { stake }] = await Promise.all([
    rpcs[chain].send("eth_getTransactionCount", [address, "pending"]),
    rpcs[chain].send("eth_getBalance", [address, "latest"]),
    poolShare({ rpcs, contracts }, chain, address),
  ]);
  nonces.open(address, chain, Number(quantity(count)));
  ledger.open(address, chain, quantity(balance), stake);
  if (chain === 2 && exitFee !== undefined) {
    ledger.openTokens(address, await tokenBalance(rpcs[2], exitFee.token, address));
  }
}

/** A watcher for all that crossings and the batch submitter leave on a chain. */
function watcherOf(
  chain: Chain,
  { rpc, confirmations, log }: ChainOptions,
  contracts: Contracts,
  clock: Clock,
): Watcher {
  const events = payoutEvents(chain, contracts);
  const batches = batchEvents(chain, contracts);
  const messengers = contracts.messengers[chain].map((address) => address.toLowerCase());
  const sent = ABI.CrossDomainMessenger.getEvent("SentMessage")?.topicHash ?? "";
  const interest = {
    addresses: [...events.addresses, ...messengers, ...batches.addresses],
    topics: [...events.topics, sent, ...batches.topics],
  };
  const pool = contracts.pool[chain];
  return new Watcher({ chain, rpc, clock, confirmations, interest, pool, rememberFor: REMEMBER_MS, log });
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
